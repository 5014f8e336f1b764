// Pages work without this file. It adds one thing: a page that shows a live view follows the log. Where the page marks its
// list as #live, the list is taken from the page as the server would show it now; elsewhere, and while somebody reads
// further down or is in the middle of something, a bar offers to reload. No HTML is written here.
"use strict";

(() => {
  const bar = document.getElementById("live-bar");
  if (!bar) return;
  const PAUSE_MS = 2000;

  // The server knows from the address how far this page had seen, so a broken line misses nothing.
  const news = new EventSource(bar.dataset.events);
  let waiting = false;

  const undisturbed = (list) =>
    scrollY < innerHeight / 2 && !list.contains(document.activeElement) && getSelection().isCollapsed;

  const fill = () => {
    waiting = false;
    const list = document.getElementById("live");
    if (!list || !undisturbed(list)) {
      bar.hidden = false;
      return;
    }
    // A document is parsed by the browser as one and stays inert: its scripts do not run.
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document";
    request.onload = () => {
      const fresh = request.status === 200 && request.response?.getElementById("live");
      if (!fresh) {
        bar.hidden = false;
        return;
      }
      const open = [...list.querySelectorAll("details")].map((each) => each.open);
      [...fresh.querySelectorAll("details")].forEach((each, n) => { each.open = open[n] ?? false; });
      list.replaceWith(document.adoptNode(fresh));
    };
    request.onerror = () => { bar.hidden = false; };
    request.send();
  };

  news.addEventListener("changed", () => {
    if (waiting) return;
    waiting = true;
    setTimeout(fill, PAUSE_MS);
  });
  addEventListener("pagehide", () => news.close());
})();
