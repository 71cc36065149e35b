// Runs before the first paint, so that the page never flashes in the wrong colours.
(function () {
  "use strict";
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  function stored() {
    try {
      return window.localStorage.getItem("exchequer.theme");
    } catch (denied) {
      return null;
    }
  }
  function apply() {
    var chosen = stored();
    var dark = chosen ? chosen === "dark" : system.matches;
    document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
    document.dispatchEvent(new CustomEvent("exchequer:theme"));
  }
  window.exchequerToggleTheme = function () {
    var dark = document.documentElement.getAttribute("data-bs-theme") === "dark";
    try {
      window.localStorage.setItem("exchequer.theme", dark ? "light" : "dark");
    } catch (denied) {
      document.documentElement.setAttribute("data-bs-theme", dark ? "light" : "dark");
      return;
    }
    apply();
  };
  system.addEventListener("change", apply);
  apply();
})();
