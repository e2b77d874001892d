// Labels at the ends of lines: the name of a series and its last value, on the scale beside the chart.
//
// The library's own labels all use the format of the first series, so they could not have the names.

const INKS = { dark: "#14181b", light: "#ffffff" };

const GAP = 17; // pixels between the middles of two labels

/**
 * Attach a label `{value, text, color}` to each series of a chart library; value as it is plotted.
 * `paneOf(index)`: the pane of a series, within which its labels do not collide. Returns a function (index, visible).
 */
export function attachEndLabels(series, labels, paneOf) {
  const shown = labels.map(() => true);
  series.forEach((one, index) => {
    const views = [{
      coordinate: () => placesIn(paneOf(index)).get(index) ?? 0,
      text: () => labels[index].text,
      textColor: () => inkOn(labels[index].color),
      backColor: () => labels[index].color,
      visible: () => shown[index] && fitsIn(paneOf(index)),
      tickVisible: () => false,
    }];
    one.attachPrimitive({ priceAxisViews: () => views });
  });

  /** Whether the labels of a pane have room below each other; where they have not, the legend alone has the values. */
  function fitsIn(pane) {
    return labels.filter((_, index) => shown[index] && paneOf(index) === pane).length * GAP <= pane.getHeight();
  }

  /** The place of each visible label of a pane, in pixels from its top. */
  function placesIn(pane) {
    const here = labels.map((label, index) => [series[index].priceToCoordinate(label.value), index])
      .filter(([place, index]) => shown[index] && place !== null && paneOf(index) === pane);
    here.sort((a, b) => a[0] - b[0]);
    const places = spread(here.map(([place]) => place), pane.getHeight());
    return new Map(here.map(([, index], order) => [index, places[order]]));
  }

  return (index, visible) => { shown[index] = visible; };
}

/** Move ascending places at least GAP apart: one pass pushes them down, one pushes them up from below `bottom`. */
function spread(wanted, bottom) {
  const gap = Math.min(GAP, (bottom - GAP) / Math.max(1, wanted.length - 1));
  const places = wanted.map((place) => Math.max(place, GAP / 2));
  for (let i = 1; i < places.length; i += 1) places[i] = Math.max(places[i], places[i - 1] + gap);
  let floor = bottom - GAP / 2;
  for (let i = places.length - 1; i >= 0; i -= 1) {
    places[i] = Math.min(places[i], floor);
    floor = places[i] - gap;
  }
  return places;
}

/** Dark or light text, whichever has the higher contrast on a colour such as #03a364. */
function inkOn(color) {
  const luminance = (hex) => {
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const back = luminance(color);
  return contrast(back, luminance(INKS.dark)) > contrast(back, luminance(INKS.light)) ? INKS.dark : INKS.light;
}
