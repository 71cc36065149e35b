(function () {
  "use strict";

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }
  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }
  function announce(text) {
    document.getElementById("announcer").textContent = text;
  }

  // Menu on small screens.
  all("[data-menu]").forEach(function (button) {
    button.addEventListener("click", function () {
      var open = document.body.classList.toggle("menu-open");
      button.setAttribute("aria-expanded", String(open));
    });
  });

  all("[data-theme-toggle]").forEach(function (button) {
    button.addEventListener("click", window.exchequerToggleTheme);
  });

  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  var help = document.getElementById("help");
  all("[data-help]").forEach(function (button) {
    button.addEventListener("click", function () { help.showModal(); });
  });

  // Shortcuts: single keys, never while typing and never with a modifier.
  var pendingGo = 0;
  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)
        || help.open) {
      return;
    }
    if (pendingGo && event.timeStamp - pendingGo < 1500) {
      pendingGo = 0;
      var link = document.querySelector('[data-go="' + CSS.escape(event.key) + '"]');
      if (link) {
        event.preventDefault();
        window.location.assign(link.href);
      }
      return;
    }
    var box = document.getElementById("trace-q");
    if (event.key === "/" && box) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "?") {
      event.preventDefault();
      help.showModal();
    } else if (event.key === "d") {
      window.exchequerToggleTheme();
    } else if (event.key === "g") {
      pendingGo = event.timeStamp;
    }
  });

  // The account tree: a click anywhere on a row opens or closes it; by arrow keys, up and down walk, right opens, left
  // closes or goes to the parent.
  function toggle(button) {
    var open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    document.getElementById(button.getAttribute("aria-controls")).hidden = !open;
  }
  document.addEventListener("click", function (event) {
    var row = event.target.closest(".tree-row");
    var button = row && row.querySelector("[data-toggle]");
    if (!button || event.target.closest("a") || String(window.getSelection())) {
      return;
    }
    if (event.target.closest("[data-toggle]")) {
      toggle(button);
    } else {
      button.click();
    }
  });
  document.addEventListener("keydown", function (event) {
    var row = event.target.closest(".tree-row");
    if (!row || ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].indexOf(event.key) < 0) {
      return;
    }
    var rows = all(".tree-row", row.closest("[data-tree]")).filter(function (one) { return one.offsetParent !== null; });
    var at = rows.indexOf(row);
    var button = row.querySelector("[data-toggle]");
    var open = button && button.getAttribute("aria-expanded") === "true";
    var next = null;
    event.preventDefault();
    if (event.key === "ArrowDown") {
      next = rows[at + 1];
    } else if (event.key === "ArrowUp") {
      next = rows[at - 1];
    } else if (button && open === (event.key === "ArrowLeft")) {
      button.click();
    } else if (event.key === "ArrowLeft") {
      var parent = row.closest("ul").closest("li");
      next = parent && parent.querySelector(".tree-row");
    }
    if (next) {
      next.querySelector("a").focus();
    }
  });

  // A failed form: take the reader to the first field at fault, or to what was said.
  var fault = document.querySelector('main [aria-invalid="true"]') || document.querySelector("main .alert-danger, main .alert-warning");
  if (fault) {
    fault.focus();
  }

  // htmx: polls rest while nobody looks; a session that ended leads to the login page; trouble is said, not hidden.
  var trouble = document.getElementById("trouble");
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (document.hidden && event.target.hasAttribute("data-poll")) {
      event.preventDefault();
    }
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    var address = event.detail.xhr.responseURL;
    if (address && new URL(address).pathname === "/console/login") {
      event.detail.shouldSwap = false;
      window.location.assign("/console/login");
    }
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful) {
      trouble.textContent = "";
    }
  });
  document.addEventListener("htmx:sendError", function () {
    trouble.textContent = "The server does not answer. What you see may be out of date; this page keeps trying.";
  });
  document.addEventListener("htmx:timeout", function () {
    trouble.textContent = "The server takes long to answer. What you see may be out of date; this page keeps trying.";
  });
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status === 401 || event.detail.xhr.status === 403) {
      window.location.assign("/console/login");
      return;
    }
    trouble.textContent = "The server answered " + event.detail.xhr.status
      + ". What you see may be out of date; this page keeps trying.";
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.target.matches(".tree-list")) {
      announce(all(":scope > li", event.target).length + " accounts shown");
    }
  });

  // Live pages: one stream of events while somebody looks. Each event has parts of the page; those that changed are
  // replaced. When the stream is gone the page says since when, and tries again, each time after a longer wait.
  function replaceParts(html) {
    all("[data-part]", new DOMParser().parseFromString(html, "text/html")).forEach(function (part) {
      var old = document.getElementById(part.id);
      if (old && old.outerHTML !== part.outerHTML) {
        old.replaceWith(document.adoptNode(part));
        all('[data-refresh="' + part.id + '"]').forEach(function (dependent) {
          window.htmx.trigger(dependent, "refresh");
        });
      }
    });
  }
  function follow(area) {
    var state = document.getElementById("live-state");
    var heard = Date.now();
    var wait = 1000;
    var current = null;
    var retry = 0;
    var silence = 0;
    function show(text, kind) {
      if (state.textContent !== text) {
        state.textContent = text;
      }
      state.className = "quiet live-state " + kind;
    }
    function stopped(why) {
      show("Stopped at " + new Date(heard).toISOString().slice(11, 19) + " UTC: " + why, "is-stopped");
    }
    function take(event) {
      var name = "";
      var data = [];
      event.split("\n").forEach(function (line) {
        if (line.indexOf("event: ") === 0) {
          name = line.slice(7);
        } else if (line.indexOf("data: ") === 0) {
          data.push(line.slice(6));
        }
      });
      if (name === "over") {
        window.location.assign("/console/login");
      } else if (name === "away") {
        stopped(data.join(" ") + ".");
      } else if (name === "parts") {
        replaceParts(data.join("\n"));
        heard = Date.now();
        wait = 1000;
        show("Live", "is-live");
      }
    }
    function end() {
      window.clearTimeout(silence);
      window.clearTimeout(retry);
      if (current) {
        current.abort();
        current = null;
      }
    }
    function lost(why) {
      end();
      stopped(why + " This page keeps trying.");
      if (!document.hidden) {
        retry = window.setTimeout(open, wait * (1 + Math.random() / 2));
        wait = Math.min(2 * wait, 30000);
      }
    }
    function listen(mine) {
      window.clearTimeout(silence);
      silence = window.setTimeout(function () {
        if (current === mine) {
          lost("the server is silent.");
        }
      }, 25000);
    }
    function open() {
      var mine = new AbortController();
      var rest = "";
      end();
      current = mine;
      listen(mine);
      fetch(area.dataset.stream, { signal: mine.signal, redirect: "manual", headers: { Accept: "text/event-stream" } })
        .then(function (answer) {
          if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
            window.location.assign("/console/login");
            throw new Error("logged out");
          }
          if (!answer.ok) {
            throw new Error("the server answered " + answer.status + ".");
          }
          var reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
          return reader.read().then(function next(read) {
            if (read.done) {
              throw new Error("the server has ended it.");
            }
            if (current !== mine) {
              return null;
            }
            listen(mine);
            var events = (rest + read.value).split("\n\n");
            rest = events.pop();
            events.forEach(take);
            return reader.read().then(next);
          });
        }).catch(function (error) {
          if (current === mine) {
            lost(error instanceof TypeError ? "the server does not answer." : error.message);
          }
        });
    }
    document.addEventListener("visibilitychange", function () {
      if (document.hidden) {
        end();
      } else if (!current) {
        open();
      }
    });
    window.addEventListener("pagehide", end);
    if (!document.hidden) {
      open();
    }
  }
  all("[data-stream]").forEach(follow);

  // A form with a file: the file goes as it is, the fields beside it in the query. What came of it is said in the place
  // that the form names, or is the page that the answer names.
  function say(place, answer, text) {
    if ((answer.headers.get("Content-Type") || "").indexOf("text/html") === 0) {
      place.innerHTML = text;
    } else {
      var alert = document.createElement("div");
      alert.className = "alert alert-danger";
      alert.setAttribute("role", "alert");
      alert.tabIndex = -1;
      alert.textContent = JSON.parse(text).detail;
      place.replaceChildren(alert);
    }
    place.firstElementChild.focus();
  }
  all("form[data-upload]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      var fields = new FormData(form);
      var query = new URLSearchParams();
      var file = fields.get("file");
      var button = form.querySelector("[type=submit]");
      event.preventDefault();
      fields.forEach(function (value, name) {
        if (name !== "file" && name !== "_csrf") {
          query.append(name, value);
        }
      });
      query.append("fileName", file.name);
      button.disabled = true;
      trouble.textContent = "";
      fetch(form.action + "?" + query, {
        method: "POST", body: file,
        headers: { "X-CSRF-TOKEN": fields.get("_csrf"), "Content-Type": "application/octet-stream" }
      }).then(function (answer) {
        if (answer.status === 201 || answer.redirected) {
          window.location.assign(answer.redirected ? "/console/login" : answer.headers.get("Location"));
          return null;
        }
        return answer.text().then(function (text) {
          say(document.getElementById(form.dataset.upload), answer, text);
        });
      }).catch(function () {
        trouble.textContent = "The file did not get through. Send it again: it cannot be recorded twice.";
      }).finally(function () {
        button.disabled = false;
      });
    });
  });

  // The chart library is large, so only pages with a chart fetch it.
  var chart = document.getElementById("chart");
  if (chart) {
    var library = document.createElement("script");
    library.src = chart.dataset.library;
    library.addEventListener("load", function () {
      var script = document.createElement("script");
      script.src = chart.dataset.script;
      document.head.appendChild(script);
    });
    document.head.appendChild(library);
  }
})();
