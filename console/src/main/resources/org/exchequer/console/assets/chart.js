// Draws the balance of an account over time. Numbers are for drawing only; what is shown as text comes from the server.
(function () {
  "use strict";
  var box = document.getElementById("chart");
  var points = JSON.parse(box.dataset.points);
  var sameDay = points[0][0].slice(0, 10) === points[points.length - 1][0].slice(0, 10);
  var chart = null;

  function style(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }
  function draw() {
    if (chart) {
      chart.dispose();
    }
    chart = window.echarts.init(box, null, { renderer: "canvas" });
    var ink = style("--ex-quiet");
    var line = style("--ex-line");
    var accent = style("--ex-accent");
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
      // Text drawn on the canvas: an HTML tooltip would need inline styles, which the page forbids.
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        confine: true,
        backgroundColor: style("--ex-surface"),
        borderColor: line,
        textStyle: { color: style("--ex-ink"), fontSize: 12 },
        formatter: function (items) {
          var point = points[items[0].dataIndex];
          return point[2] + " " + box.dataset.currency + "\n" + point[0].replace("T", " ").slice(0, 19)
            + " UTC\nTransaction " + point[3];
        }
      },
      xAxis: {
        type: "category",
        data: points.map(function (point) { return sameDay ? point[0].slice(11, 19) : point[0].slice(0, 10); }),
        axisLabel: { color: ink, interval: Math.floor(points.length / 6), showMaxLabel: points.length < 6 },
        axisLine: { lineStyle: { color: line } },
        axisTick: { show: false }
      },
      yAxis: {
        type: "value",
        scale: true,
        axisLabel: { color: ink },
        splitLine: { lineStyle: { color: line } }
      },
      series: [{
        type: "line",
        step: "end",
        symbol: points.length > 40 ? "none" : "circle",
        symbolSize: 5,
        lineStyle: { width: 2, color: accent },
        itemStyle: { color: accent },
        areaStyle: { color: accent, opacity: 0.08 },
        data: points.map(function (point) { return Number(point[1]); })
      }]
    });
    box.dataset.drawn = "true";
  }
  draw();
  new ResizeObserver(function () { chart.resize(); }).observe(box);
  document.addEventListener("exchequer:theme", draw);
})();
