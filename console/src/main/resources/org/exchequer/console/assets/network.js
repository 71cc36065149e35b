// Draws accounts and the payments between them. What is shown as text comes from the server; the table below says the same.
(function () {
  "use strict";
  var box = document.getElementById("chart");

  function style(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }
  function draw(network) {
    var elements = network.nodes.map(function (node) {
      return { data: { id: node.id, label: node.role === "OTHER" ? node.country : node.role.toLowerCase() },
        classes: (node.fraud ? "fraud " : "") + node.role.toLowerCase() };
    }).concat(network.edges.map(function (edge) {
      return { data: { id: edge.from + "-" + edge.to, source: edge.from, target: edge.to, label: String(edge.payments),
        payment: edge.payment }, classes: edge.fraud ? "fraud" : "" };
    }));
    var ink = style("--ex-ink");
    var quiet = style("--ex-quiet");
    var accent = style("--ex-accent");
    var danger = style("--tblr-danger") || "#d63939";
    var graph = window.cytoscape({
      container: box,
      elements: elements,
      layout: { name: "cose", animate: false, padding: 20 },
      style: [
        { selector: "node", style: { "background-color": quiet, width: 14, height: 14, label: "data(label)", color: ink,
          "font-size": 9, "text-valign": "bottom", "text-margin-y": 2 } },
        { selector: "node.payer, node.payee", style: { "background-color": accent, width: 22, height: 22 } },
        { selector: "edge", style: { width: 1.5, "line-color": quiet, "target-arrow-color": quiet,
          "target-arrow-shape": "triangle", "curve-style": "bezier", label: "data(label)", color: quiet,
          "font-size": 8 } },
        { selector: "node.fraud", style: { "background-color": danger } },
        { selector: "edge.fraud", style: { "line-color": danger, "target-arrow-color": danger } }
      ]
    });
    graph.on("tap", "edge", function (event) {
      window.location.href = box.dataset.payments + event.target.data("payment");
    });
    box.dataset.drawn = String(graph.nodes().length);
  }
  // The library would add a style of its own to the page, which its policy forbids; console.css has that style.
  var there = document.createElement("meta");
  there.id = "__________cytoscape_stylesheet";
  document.head.appendChild(there);
  fetch(box.dataset.network, { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status))); })
    .then(draw)
    .catch(function () { box.dataset.drawn = "none"; });
})();
