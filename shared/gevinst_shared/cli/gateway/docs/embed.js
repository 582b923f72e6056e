// <gevinst-embed>: an embed in a frame, with tickets from the page's own server. See docs/embedding.md.
//
//   src          the address of a published embed's page; or, with ticket-from, any address of the installation
//   ticket-from  where the page's own server answers with what POST /embed-tickets gave it
//   label        what the frame is called for those who do not see it; required where no ticket brings a title
//   ratio        width / height of the frame, 18/13 when it is absent
//
// The frame runs no script, so it cannot say how high it is: its shape is the page's to choose.
(() => {
  "use strict";

  const AHEAD = 30_000; // a new ticket is asked for so long before the old one is over
  const SHORTEST = 5_000;
  const TEXTS = {
    en: "This could not be loaded. It is tried again in a while.",
    nb: "Dette kunne ikke lastes. Det prøves igjen om en stund.",
    nn: "Dette kunne ikkje lastast. Det blir prøvd igjen om ei stund.",
    da: "Det kunne ikke indlæses. Der prøves igen om lidt.",
    sv: "Det gick inte att läsa in. Ett nytt försök görs om en stund.",
  };
  const STYLE = `
    :host { display: block; max-width: 100%; }
    :host([hidden]) { display: none; }
    iframe { display: block; width: 100%; min-height: 26rem; border: 0; }
    p { font: 1rem/1.5 Arial, Helvetica, sans-serif; margin: 0; padding: 1rem; }
  `;

  class GevinstEmbed extends HTMLElement {
    static observedAttributes = ["src", "ticket-from", "label", "ratio"];

    #root = this.attachShadow({ mode: "open" });
    #timer = 0;
    #failures = 0;
    #turn = 0; // which load is the latest: an answer to an earlier one is nobody's any more

    constructor() {
      super();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      this.#root.adoptedStyleSheets = [sheet];
    }

    connectedCallback() {
      document.addEventListener("visibilitychange", this.#seen);
      this.#load();
    }

    disconnectedCallback() {
      document.removeEventListener("visibilitychange", this.#seen);
      clearTimeout(this.#timer);
      this.#turn += 1;
    }

    attributeChangedCallback(_name, before, after) {
      if (this.isConnected && before !== after) this.#load();
    }

    async #load() {
      clearTimeout(this.#timer);
      const turn = ++this.#turn;
      const from = this.getAttribute("ticket-from");
      try {
        const found = from === null ? { page: this.getAttribute("src") } : await this.#ticket(from);
        if (turn !== this.#turn) return;
        this.#failures = 0;
        this.#show(found);
        if (found.expires_at) this.#again(Date.parse(found.expires_at) - Date.now() - AHEAD);
      } catch (error) {
        if (turn !== this.#turn) return;
        this.#failures += 1;
        this.#say(error);
        if (from !== null) this.#again(SHORTEST * 2 ** this.#failures);
      }
    }

    async #ticket(from) {
      const answer = await fetch(from, {
        cache: "no-store",
        credentials: "same-origin",
        headers: { Accept: "application/json" },
        referrerPolicy: "no-referrer",
      });
      if (!answer.ok) throw new Error(`ticket-from answered ${answer.status}`);
      return answer.json();
    }

    #show({ page, title }) {
      const address = new URL(page, document.baseURI);
      const installation = new URL(this.getAttribute("src") ?? "", document.baseURI);
      // A ticket goes to the installation that the page has named, and to nobody else.
      if (address.origin !== installation.origin) throw new Error("the ticket is for another place than src");
      const label = this.getAttribute("label") || title;
      if (!label) throw new Error("a label is missing: say what the frame shows");
      const frame = document.createElement("iframe");
      frame.title = label;
      frame.loading = "lazy";
      frame.referrerPolicy = "no-referrer";
      frame.setAttribute("sandbox", "");
      frame.style.aspectRatio = this.getAttribute("ratio") || "18/13";
      frame.src = address.href;
      this.#root.replaceChildren(frame);
    }

    #say(error) {
      console.error(`gevinst-embed: ${error.message}`);
      // What was shown before is still right, only older.
      if (this.#root.querySelector("iframe") !== null) return;
      const text = document.createElement("p");
      const language = (this.closest("[lang]")?.lang ?? "en").toLowerCase().split("-")[0];
      text.setAttribute("role", "status");
      text.textContent = TEXTS[language === "no" ? "nb" : language] ?? TEXTS.en;
      this.#root.replaceChildren(text);
    }

    #again(wait) {
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        if (document.visibilityState === "visible") this.#load();
      }, Math.min(Math.max(wait, SHORTEST), 3_600_000));
    }

    // What nobody looks at is not renewed until somebody does.
    #seen = () => {
      const isDue = this.#timer === 0 && this.hasAttribute("ticket-from");
      if (document.visibilityState === "visible" && isDue) this.#load();
    };
  }

  if (!customElements.get("gevinst-embed")) customElements.define("gevinst-embed", GevinstEmbed);
})();
