// Draws every [data-chart] of the page with uPlot, and shows its values: under the pointer, and by keyboard.
"use strict";
(() => {
  const FEW = 24; // points of a curve up to which each is marked
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const short = v => v !== 0 && (Math.abs(v) < 1e-3 || Math.abs(v) >= 1e5)
    ? v.toExponential(2).replace(/\.?0+e\+?/, "e") : String(+v.toPrecision(4));
  const plots = [];

  // The axis ends where the values do, with room for the width of the line.
  const ends = c => (u, min, max) => {
    if (min == null) return [0, 1];
    if (max > min) return [min - (max - min) * 0.03, max + (max - min) * 0.03];
    const room = Math.abs(max) / 2 || 0.5; // one value: nothing here is below 0, no share above 1
    return [max < 0 ? max - room : Math.max(0, max - room), c.percent ? Math.min(1.02, max + room) : max + room];
  };

  // All numbers that values stand over, with room for half a bar.
  const across = c => {
    const [a, b] = [c.x[0], c.x[c.x.length - 1]];
    if (a === b) return c.xLog ? [a / 2, b * 2] : c.xPercent ? [0, 1] : [a - 0.5, b + 0.5];
    const room = c.series.some(s => s.kind === "counts") ? (b - a) / c.x.length / 2 : 0;
    return [a - room, b + room];
  };

  const series = (c, s) => {
    const counts = s.kind === "counts";
    const line = {label: s.name, scale: counts ? "n" : "y", stroke: () => colour(s.style)};
    if (counts) {
      return {...line, width: 0, fill: () => colour(s.style) + "66", paths: uPlot.paths.bars({size: [0.9, 60]}), points: {show: false}};
    }
    if (s.kind === "mark") {
      return {...line, width: 0, points: {show: true, size: 11, fill: () => colour(s.style)}};
    }
    if (s.kind === "faint") {
      return {...line, width: 1, auto: false, alpha: 0.4, points: {show: false}};
    }
    const dashed = s.kind === "dashed";
    return {...line, width: 1.8, dash: dashed ? [4, 4] : undefined, points: {show: !dashed && c.x.length <= FEW, size: 6, fill: () => colour(s.style)}};
  };

  const options = (c, box, said) => {
    const axis = {stroke: () => colour("soft"), font: "12px system-ui, sans-serif", ticks: {show: false}, gap: 6};
    const words = c.percent ? v => +(v * 100).toPrecision(4) + " %" : short;
    const x = v => c.xLog ? (v == null ? "" : short(v)) : c.xPercent ? words(v) : Number.isInteger(v) ? String(v) : "";
    return {
      width: box.clientWidth,
      height: 220,
      legend: {show: false},
      padding: [10, 14, 0, 0],
      cursor: {y: false, points: {size: 8}, drag: {x: true, y: false, setScale: true}},
      scales: {
        x: {time: false, distr: c.xLog ? 3 : 1, range: (u, a, b) => c.x.length === 1 || a === c.x[0] && b === c.x[c.x.length - 1] ? across(c) : [a, b]},
        y: {range: c.percent && c.xPercent ? [0, 1] : ends(c)},
        n: {range: (u, a, b) => [0, b * 5]},
      },
      axes: [
        {...axis, size: 30, grid: {show: false}, values: (u, all) => all.map(x)},
        {...axis, size: 54, grid: {stroke: () => colour("rule"), width: 1}, values: (u, all) => all.map(words)},
      ],
      series: [{}, ...c.series.map(s => series(c, s))],
      hooks: {setCursor: [u => {
        const i = u.cursor.idx;
        said.textContent = i == null ? "" : c.xTitle + " " + c.xText[i] + ": "
          + c.series.filter(s => s.text[i]).map(s => (c.series.length > 1 ? s.name + " " : "") + s.text[i]).join(", ");
      }]},
    };
  };

  // Arrow keys, Home and End step through the values, + and - zoom, Esc shows all.
  const keys = (u, c, e) => {
    const last = c.x.length - 1;
    const at = u.cursor.idx;
    const to = {ArrowRight: at == null ? 0 : at + 1, ArrowLeft: at == null ? last : at - 1, Home: 0, End: last}[e.key];
    const {min, max} = u.scales.x;
    const [on, off] = c.xLog ? [Math.log10, v => 10 ** v] : [v => v, v => v];
    if (to !== undefined) {
      const i = Math.max(0, Math.min(last, to));
      const move = c.x[i] < min ? on(c.x[i]) - on(min) : c.x[i] > max ? on(c.x[i]) - on(max) : 0;
      if (move) u.setScale("x", {min: off(on(min) + move), max: off(on(max) + move)});
      queueMicrotask(() => u.setCursor({left: u.valToPos(c.x[i], "x"), top: 0})); // when the scale has moved
    } else if (e.key === "+" || e.key === "=" || e.key === "-") {
      const middle = at == null ? (on(min) + on(max)) / 2 : on(c.x[at]);
      const half = (on(max) - on(min)) * (e.key === "-" ? 1 : 0.25);
      u.setScale("x", {min: Math.max(c.x[0], off(middle - half)), max: Math.min(c.x[last], off(middle + half))});
    } else if (e.key === "Escape") {
      u.setScale("x", {min: c.x[0], max: c.x[last]});
      u.setCursor({left: -10, top: -10});
    } else {
      return;
    }
    e.preventDefault();
  };

  for (const box of document.querySelectorAll("[data-chart]")) {
    const c = JSON.parse(box.dataset.chart);
    const u = new uPlot(options(c, box, box.nextElementSibling), [c.x, ...c.series.map(s => s.y)], box);
    plots.push(u);
    box.addEventListener("keydown", e => keys(u, c, e));
    new ResizeObserver(() => u.setSize({width: box.clientWidth, height: 220})).observe(box);
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach(u => u.redraw(true, true)));
})();
