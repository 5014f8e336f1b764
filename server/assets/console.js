// Pages work without this file. It adds one thing: a page that shows a live view says when there is news, and offers to
// reload. It writes no HTML; the page itself holds the bar, hidden.
"use strict";

(() => {
  const bar = document.querySelector(".live-bar[data-events]");
  if (!bar) return;

  const news = new EventSource(bar.dataset.events);
  let missed = false;

  const show = () => {
    bar.hidden = false;
  };

  news.addEventListener("changed", show);
  // After a gap in the line nobody knows what was missed: offer to reload then too.
  news.addEventListener("error", () => {
    missed = true;
  });
  news.addEventListener("open", () => {
    if (missed) show();
  });
  addEventListener("pagehide", () => news.close());
})();
