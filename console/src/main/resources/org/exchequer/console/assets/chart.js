// Draws the balance of an account by day. Numbers are for drawing only; what is shown as text comes from the server.
(function () {
  "use strict";
  var box = document.getElementById("chart");
  var points = JSON.parse(box.dataset.points);
  // The first point is the balance before the span. A balance holds to the end of its day: one more point draws that.
  var drawn = points.map(function (point) { return [point[0], Number(point[1])]; });
  var last = drawn[drawn.length - 1];
  drawn.push([new Date(Date.parse(last[0]) + 86400000).toISOString().slice(0, 10), last[1]]);
  var chart = null;
  var pen = document.createElement("canvas").getContext("2d");
  var widest = 0;

  function style(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }
  function draw() {
    if (chart) {
      chart.dispose();
    }
    chart = window.echarts.init(box, null, { renderer: "canvas" });
    pen.font = "12px " + getComputedStyle(document.body).fontFamily;
    widest = 0;
    var ink = style("--ex-quiet");
    var line = style("--ex-line");
    var accent = style("--ex-accent");
    chart.setOption({
      animation: false,
      useUTC: true,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 16, top: 16, bottom: 28 },
      // Text drawn on the canvas: an HTML tooltip would need inline styles, which the page forbids.
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        confine: true,
        backgroundColor: style("--ex-surface"),
        borderColor: line,
        textStyle: { color: style("--ex-ink"), fontSize: 12 },
        formatter: function (items) {
          var point = points[Math.min(items[0].dataIndex, points.length - 1)];
          return point[0] + "\n" + point[2] + " " + box.dataset.currency
            + (point[3] ? "\nDebits " + point[3] + "\nCredits " + point[4] : "\nbefore the first entries shown");
        }
      },
      xAxis: {
        type: "time",
        min: drawn[0][0],
        max: drawn[drawn.length - 1][0],
        minInterval: 86400000,
        axisLabel: {
          color: ink,
          hideOverlap: true,
          formatter: function (time) { return new Date(time).toISOString().slice(0, 10); }
        },
        axisLine: { lineStyle: { color: line } },
        axisTick: { show: false }
      },
      yAxis: {
        type: "value",
        scale: true,
        axisLabel: {
          color: ink,
          formatter: function (value) {
            var text = window.echarts.format.addCommas(value);
            widest = Math.max(widest, pen.measureText(text).width);
            return text;
          }
        },
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
        data: drawn
      }]
    });
    fit();
    box.dataset.drawn = "true";
  }
  // The chart's own guess at the width of its labels cuts long ones off.
  function fit() {
    chart.setOption({ grid: { left: Math.ceil(widest) + 18 } });
  }
  draw();
  new ResizeObserver(function () { widest = 0; chart.resize(); fit(); }).observe(box);
  document.addEventListener("exchequer:theme", draw);
})();
