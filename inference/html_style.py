"""The style sheet of the HTML view: light, dark, and on paper. Text on every ground has a contrast of 4.5 or more."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1b1f; --faint: #595963; --line: #d0d0d8; --panel: #f5f5f8;
  --good: #14602f; --bad: #a3161f; --both: #7a4a00; --plain: #595963;
  --speaker: #c9f0d2; --person: #e3f4e0; --rank: #fde9b4; --position: #f3dcf5; --org: #d5e5ff; --loc: #cdeff1;
  --unknown: #e6e6ec; --on-mark: #17171a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16161a; --ink: #ececf1; --faint: #a9a9b5; --line: #3c3c46; --panel: #202027;
    --good: #7fd89a; --bad: #ff9d9d; --both: #f2c26b; --plain: #a9a9b5;
    --speaker: #1d5a32; --person: #2c4a2b; --rank: #574311; --position: #54305a; --org: #22427a; --loc: #14505a;
    --unknown: #3a3a44; --on-mark: #f6f6fa;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 52rem; background: var(--paper); color: var(--ink);
  font-family: Vazirmatn, "Noto Naskh Arabic", "Noto Sans Arabic", "Segoe UI", Tahoma, "Geeza Pro", "DejaVu Sans",
    sans-serif;
  font-size: 1.0625rem; line-height: 2; overflow-wrap: anywhere;
}
h1 { font-size: 1.25rem; line-height: 1.6; margin: 0 0 .25rem; }
h2 { font-size: 1.0625rem; margin: 2.25rem 0 .5rem; }
.summary, .none { margin: 0; color: var(--faint); font-size: .9375rem; }
.warning { border: 1px solid var(--both); border-radius: .375rem; padding: .125rem .75rem; color: var(--both); }
.sentences { list-style: none; margin: 0; padding: 0; }
.sentence {
  padding-block: .125rem .25rem; padding-inline: .875rem 0; margin-top: .25rem;
  border-inline-start: .25rem solid var(--line);
}
.sentence.new-line { margin-top: 1.125rem; }
.sentence:target { background: var(--panel); }
.sentence.cooperative { border-color: var(--good); }
.sentence.threatening { border-color: var(--bad); }
.sentence.mixed { border-color: var(--both); border-inline-start-style: double; border-inline-start-width: .375rem; }
.sentence p { margin: 0; }
.sentence.title p { font-weight: bold; font-size: 1.1875rem; }
.number { color: var(--faint); font-size: .8125rem; font-weight: normal; margin-inline-end: .375rem; }
.chips {
  list-style: none; display: flex; flex-wrap: wrap; gap: .25rem .375rem; margin: .125rem 0 .25rem; padding: 0;
}
.chips li {
  border: 1px solid currentColor; border-radius: 1rem; padding: 0 .625rem; color: var(--plain);
  font-size: .8125rem; line-height: 1.7;
}
.chips .stance { font-weight: bold; }
.chips .cooperative, .chips .cooperation { color: var(--good); }
.chips .threatening, .chips .threat { color: var(--bad); }
.chips .mixed { color: var(--both); }
.chips .says { border-style: dashed; color: var(--ink); }
mark {
  background: var(--unknown); color: var(--on-mark); border-radius: .25rem; padding: .0625rem .25rem;
  box-decoration-break: clone; -webkit-box-decoration-break: clone;
}
mark .label { font-size: .6875rem; font-weight: normal; margin-inline-start: .3125rem; user-select: none; }
.speaker { background: var(--speaker); } .person { background: var(--person); } .rank { background: var(--rank); }
.position { background: var(--position); } .org { background: var(--org); } .loc { background: var(--loc); }
.table { overflow-x: auto; overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; line-height: 1.7; }
th, td {
  min-width: 3.5rem; border-bottom: 1px solid var(--line); padding: .375rem .5rem; text-align: start;
  vertical-align: top;
}
thead th { white-space: nowrap; color: var(--faint); font-weight: normal; font-size: .8125rem; }
a { color: inherit; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 0; padding: 0; }
.legend code { font-size: .75rem; color: var(--faint); }
@media print {
  :root {
    --paper: #ffffff; --ink: #000000; --faint: #444444; --line: #999999; --panel: #ffffff; --on-mark: #000000;
    --good: #14602f; --bad: #a3161f; --both: #7a4a00; --plain: #444444;
    --speaker: #c9f0d2; --person: #e3f4e0; --rank: #fde9b4; --position: #f3dcf5; --org: #d5e5ff; --loc: #cdeff1;
    --unknown: #e6e6ec;
  }
  body { padding: 0; max-width: none; font-size: 10.5pt; line-height: 1.75; }
  mark { outline: .5pt solid #777777; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .sentence, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  a { text-decoration: none; }
}
"""
