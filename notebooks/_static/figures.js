/* Draws each Plotly figure of a page from the JSON in it. */
document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(".plotly-figure")) {
    const { data, layout, frames, config } = JSON.parse(place.querySelector("script").textContent);
    Plotly.newPlot(place, { data, layout, frames, config: { ...config, displaylogo: false } });
  }
});
