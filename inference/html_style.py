"""The style sheet of the HTML view: light, dark, and on paper. Text on every ground has a contrast of 4.5 or more."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1b1f; --faint: #595963; --line: #d0d0d8; --panel: #f5f5f8;
  --good: #14602f; --bad: #a3161f; --both: #7a4a00; --plain: #595963;
  --speaker: #c9f0d2; --person: #e3f4e0; --rank: #fde9b4; --position: #f3dcf5; --org: #d5e5ff; --loc: #cdeff1;
  --unknown: #e6e6ec; --on-mark: #17171a; --on-badge: #ffffff;
  --c1: #0b57a4; --c1-soft: #e6f0fb; --c2: #8f4700; --c2-soft: #fdecdc;
  --c3: #5b3fb0; --c3-soft: #edeafa; --c4: #9c1668; --c4-soft: #fbe6f1;
  --c5: #006078; --c5-soft: #dcf1f7; --c6: #5a5e00; --c6-soft: #f2f4d8;
  --c7: #7a3b2e; --c7-soft: #f6e6e1; --c8: #44586a; --c8-soft: #e5ebf0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16161a; --ink: #ececf1; --faint: #a9a9b5; --line: #3c3c46; --panel: #202027;
    --good: #7fd89a; --bad: #ff9d9d; --both: #f2c26b; --plain: #a9a9b5;
    --speaker: #1d5a32; --person: #2c4a2b; --rank: #574311; --position: #54305a; --org: #22427a; --loc: #14505a;
    --unknown: #3a3a44; --on-mark: #f6f6fa; --on-badge: #111114;
    --c1: #8ab8f5; --c1-soft: #18283d; --c2: #f0b070; --c2-soft: #3a2a17;
    --c3: #b8a4f5; --c3-soft: #2a2344; --c4: #f09ac8; --c4-soft: #3b1c2e;
    --c5: #74cbe8; --c5-soft: #12303b; --c6: #cfd66a; --c6-soft: #2e3013;
    --c7: #e0a898; --c7-soft: #3a2620; --c8: #aebfcc; --c8-soft: #27303a;
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
.article, .article ol, .actors { list-style: none; margin: 0; padding: 0; }
.sentence {
  padding-block: .125rem .25rem; padding-inline: .875rem 0; margin-top: .25rem;
  border-inline-start: .25rem solid var(--line);
}
.sentence.new-line { margin-top: 1.125rem; }
.by-stance .sentence.cooperative { border-color: var(--good); }
.by-stance .sentence.threatening { border-color: var(--bad); }
.by-stance .sentence.mixed {
  border-color: var(--both); border-inline-start-style: double; border-inline-start-width: .375rem;
}
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
h3 { font-size: .9375rem; font-weight: normal; color: var(--faint); margin: 1rem 0 .375rem; }
.c0 { --own: var(--plain); --soft: var(--panel); }
.c1 { --own: var(--c1); --soft: var(--c1-soft); }
.c2 { --own: var(--c2); --soft: var(--c2-soft); }
.c3 { --own: var(--c3); --soft: var(--c3-soft); }
.c4 { --own: var(--c4); --soft: var(--c4-soft); }
.c5 { --own: var(--c5); --soft: var(--c5-soft); }
.c6 { --own: var(--c6); --soft: var(--c6-soft); }
.c7 { --own: var(--c7); --soft: var(--c7-soft); }
.c8 { --own: var(--c8); --soft: var(--c8-soft); }
.badge {
  display: inline-block; min-width: 1.625em; padding: 0 .375em; border-radius: 1em; background: var(--own);
  color: var(--on-badge); font-size: .8125rem; font-weight: bold; line-height: 1.625; text-align: center;
}
.actor {
  border: 1px solid var(--line); border-inline-start: .375rem solid var(--own); border-radius: .375rem;
  margin-top: .5rem; padding: .375rem .75rem .5rem; font-size: .9375rem; line-height: 1.8;
}
.silent {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); align-items: start; gap: .5rem;
}
.silent .actor { margin: 0; font-size: .8125rem; }
.actor:target, .sentence:target { outline: .125rem solid var(--ink); outline-offset: .125rem; }
.who { margin: 0; }
.who strong { font-size: 1.0625rem; }
.silent .who strong { font-size: .9375rem; }
.what, dt, .counts, .where { color: var(--faint); font-size: .8125rem; }
.facts { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: 0; }
.facts div { display: flex; gap: .5rem; }
dt { flex: none; line-height: 2.0769; }
dd { margin: 0; }
.evidence { text-decoration: underline dotted var(--faint); text-underline-offset: .25em; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; margin: .25rem 0 0; }
.bar .cells { display: flex; flex-wrap: wrap; gap: .125rem; }
.bar a {
  flex: none; width: 2.25rem; border: 1px solid var(--plain); text-align: center; text-decoration: none;
  font-size: .75rem; line-height: 1.5;
}
.bar .cooperative { background: var(--good); border-color: var(--good); color: var(--on-badge); }
.bar .threatening { background: var(--bad); border-color: var(--bad); color: var(--on-badge); }
.bar .mixed {
  border-color: var(--both); color: var(--ink); font-weight: bold;
  background: linear-gradient(to left, var(--good) 0 .5rem, var(--paper) .5rem calc(100% - .5rem), var(--bad) 0);
}
.relations { list-style: none; margin: .375rem 0 0; padding: 0; }
.relations .cooperative { color: var(--good); } .relations .threatening { color: var(--bad); }
.relations .mixed { color: var(--both); }
.statement {
  border-inline-start: .375rem solid var(--own); padding-inline-start: .875rem; padding-block: .25rem;
  margin-top: .5rem;
}
.statement.new-line { margin-top: 1.125rem; }
.statement .sentence { border: 0; padding-inline-start: 0; }
.statement .sentence.new-line { margin-top: .25rem; }
.chips .says a { text-decoration: none; font-weight: bold; }
.statement > .chips .says { border: 0; padding: 0; font-size: .9375rem; }
.chips .kind { border-radius: .25rem; }
.content { background: var(--soft); padding: .1875rem .125rem; border-radius: .25rem; }
.cue { font-weight: bold; text-decoration: underline var(--own); text-underline-offset: .3em; }
.source { border-bottom: .125rem solid var(--own); }
.source > .label { color: var(--own); font-weight: bold; font-size: .75rem; margin-inline-start: .1875rem; }
.addressee { border-bottom: .125rem dotted var(--own); }
.nested { outline: 1px dashed var(--own); outline-offset: .0625rem; border-radius: .125rem; }
.inner-cue { text-decoration: underline; text-underline-offset: .3em; }
.content, .nested { box-decoration-break: clone; -webkit-box-decoration-break: clone; }
a { color: inherit; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 0; padding: 0; }
.legend code { font-size: .75rem; color: var(--faint); }
@media print {
  :root {
    --paper: #ffffff; --ink: #000000; --faint: #444444; --line: #999999; --panel: #ffffff; --on-mark: #000000;
    --good: #14602f; --bad: #a3161f; --both: #7a4a00; --plain: #444444;
    --speaker: #c9f0d2; --person: #e3f4e0; --rank: #fde9b4; --position: #f3dcf5; --org: #d5e5ff; --loc: #cdeff1;
    --unknown: #e6e6ec; --on-badge: #ffffff;
    --c1: #0b57a4; --c1-soft: #e6f0fb; --c2: #8f4700; --c2-soft: #fdecdc;
    --c3: #5b3fb0; --c3-soft: #edeafa; --c4: #9c1668; --c4-soft: #fbe6f1;
    --c5: #006078; --c5-soft: #dcf1f7; --c6: #5a5e00; --c6-soft: #f2f4d8;
    --c7: #7a3b2e; --c7-soft: #f6e6e1; --c8: #44586a; --c8-soft: #e5ebf0;
  }
  body { padding: 0; max-width: none; font-size: 10.5pt; line-height: 1.75; }
  mark { outline: .5pt solid #777777; }
  mark, .badge, .bar a, .content { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .sentence, .actor { break-inside: avoid; }
  h2, h3, .statement > .chips { break-after: avoid; }
  a { text-decoration: none; }
}
"""
