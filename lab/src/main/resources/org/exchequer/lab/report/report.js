(() => {
  const chart = document.querySelector("svg.chart"), read = document.getElementById("read");
  if (!chart || !read) return;
  const data = JSON.parse(document.getElementById("points").textContent);
  const left = +chart.dataset.left, width = +chart.dataset.width, length = +chart.dataset.length;
  const cursor = chart.querySelector(".cursor");
  const time = us => us >= 1e6 ? (us / 1e6).toFixed(2) + " s" : us >= 1000 ? (us / 1000).toFixed(1) + " ms" : us + " µs";
  chart.addEventListener("pointermove", event => {
    const box = chart.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * chart.viewBox.baseVal.width;
    const at = (x - left) / width * length;
    const point = data.points.findLast(p => p.atMillis <= at);
    if (!point || at < 0 || at > length) return;
    cursor.setAttribute("x1", x); cursor.setAttribute("x2", x); cursor.style.visibility = "visible";
    read.textContent = `at ${(point.atMillis / 1000).toFixed(0)} s: ${point.done} done, ${point.rejected} rejected, `
      + `${point.refused} refused, ${point.unknown} unknown · p50 ${time(point.p50Micros)}, `
      + `p99 ${time(point.p99Micros)}, longest ${time(point.maxMicros)}`;
  });
  chart.addEventListener("pointerleave", () => { cursor.style.visibility = "hidden"; read.textContent = read.dataset.idle; });
})();
