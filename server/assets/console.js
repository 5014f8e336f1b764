// Pages work without this file. It adds one thing: a page that shows a live view says when there is news, and offers to
// reload. It writes no HTML; the page itself holds the bar, hidden.
"use strict";

(() => {
  const bar = document.querySelector(".live-bar[data-events]");
  if (!bar) return;

  // The server knows from the address how far this page had seen, so a broken line misses nothing.
  const news = new EventSource(bar.dataset.events);
  news.addEventListener("changed", () => {
    bar.hidden = false;
  });
  addEventListener("pagehide", () => news.close());
})();
