// The query page: an editor over the text box, with completion of our terms. The box stays, and is what is sent; nothing
// is stored. Tab leaves the editor, as it leaves the box.

import { ifNotIn } from "@codemirror/autocomplete";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { StateEffect } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { EditorView, basicSetup } from "codemirror";
import { SparqlLanguage, sparql } from "codemirror-lang-sparql";

const KEYWORDS =
  "SELECT CONSTRUCT DESCRIBE ASK WHERE PREFIX DISTINCT OPTIONAL FILTER UNION MINUS GRAPH VALUES BIND AS EXISTS NOT GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET COUNT SUM MIN MAX AVG GROUP_CONCAT SEPARATOR IF BOUND COALESCE STR LANG LANGMATCHES CONTAINS STRSTARTS STRENDS REGEX YEAR MONTH UNDEF";
const NOWHERE = ["Comment", "String"];

// Dark enough to read on white, and on the line where the cursor is.
const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "#6b1f7a", fontWeight: "bold" },
  { tag: tags.variableName, color: "#0b4144" },
  { tag: [tags.namespace, tags.url, tags.typeName], color: "#005a30" },
  { tag: [tags.string, tags.annotation], color: "#8a1c1c" },
  { tag: [tags.integer, tags.float, tags.bool], color: "#7a4300" },
  { tag: tags.comment, color: "#484949", fontStyle: "italic" },
]);
// A wavy line drawn by the browser: the package's own is a picture, which this site's policy does not load.
const LOOK = EditorView.theme({
  "&": { border: "2px solid #0b0c0c", backgroundColor: "#ffffff", fontSize: "16px" },
  "&.cm-focused": { outline: "3px solid #ffdd00", boxShadow: "inset 0 0 0 2px #0b0c0c" },
  ".cm-scroller": { minHeight: "18rem", fontFamily: "ui-monospace, Menlo, Consolas, monospace", lineHeight: "1.4" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "#f3f9f9" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy #982828" },
  ".cm-gutters": { color: "#484949" },
});

const box = document.getElementById("query");
if (box) {
  start(box);
}

function start(box) {
  const label = document.querySelector("label[for='query']");
  label.id = "query-label";
  box.id = "query-sent";
  const place = document.createElement("div");
  box.after(place);
  box.classList.add("sv-sent");
  const view = new EditorView({
    doc: box.value,
    parent: place,
    extensions: [
      basicSetup,
      sparql(),
      syntaxHighlighting(COLOURS),
      LOOK,
      EditorView.lineWrapping,
      EditorView.cspNonce.of(box.dataset.nonce),
      EditorView.contentAttributes.of({
        id: "query",
        "aria-labelledby": label.id,
        "aria-describedby": box.getAttribute("aria-describedby") ?? "",
        spellcheck: "false",
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          box.value = update.state.doc.toString();
        }
      }),
    ],
  });
  label.addEventListener("click", () => view.focus());
  mark(view, box.dataset);
  complete(view, box.dataset.terms);
}

/** Underline the place of an error; the words stand above the box as well. */
function mark(view, { line, column, fault }) {
  if (!line || Number(line) > view.state.doc.lines) {
    return;
  }
  const at = view.state.doc.line(Number(line));
  const from = Math.min(at.from + Math.max(Number(column) - 1, 0), at.to);
  const found = [{ from, to: Math.max(from, at.to), severity: "error", message: fault }];
  view.dispatch(setDiagnostics(view.state, found));
}

/** Fetch the terms of the release when the editor is first used, and offer them. */
function complete(view, address) {
  view.contentDOM.addEventListener(
    "focus",
    async () => {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const { prefixes, terms } = await answer.json();
        const options = [
          ...KEYWORDS.split(" ").map((label) => ({ label, type: "keyword" })),
          ...terms.map((term) => option(term, prefixes)),
        ];
        const wanted = ifNotIn(NOWHERE, (context) => {
          const word = context.matchBefore(/(?<![?$\w])[A-Za-z][\w:-]*/);
          return word || context.explicit
            ? { from: word ? word.from : context.pos, options, validFor: /^[\w:-]*$/ }
            : null;
        });
        view.dispatch({ effects: StateEffect.appendConfig.of(SparqlLanguage.data.of({ autocomplete: wanted })) });
      }
    },
    { once: true },
  );
}

function option({ name, label, kind }, prefixes) {
  const prefix = name.startsWith("<") ? "" : name.split(":")[0];
  return {
    label: prefix ? name : label,
    detail: prefix ? label : kind,
    type: kind === "property" ? "property" : kind === "class" ? "class" : "constant",
    apply: (view, _chosen, from, to) => insert(view, name, from, to, prefix, prefixes[prefix]),
  };
}

/** Write a term, and before everything else the prefix that it needs. */
function insert(view, name, from, to, prefix, base) {
  const text = view.state.doc.toString();
  const changes = [{ from, to, insert: name }];
  let moved = 0;
  if (prefix && !new RegExp(`\\bPREFIX\\s+${prefix}:`, "i").test(text)) {
    const line = `PREFIX ${prefix}: <${base}>\n`;
    changes.unshift({ from: 0, insert: line });
    moved = line.length;
  }
  view.dispatch({ changes, selection: { anchor: from + name.length + moved }, userEvent: "input.complete" });
}
