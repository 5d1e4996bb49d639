"""The style sheet of the report: that of the HTML view, and what charts and matrices need."""

from __future__ import annotations

from inference.html_style import STYLE

_LIGHT = """
  --quiet: #85858f; --mixed: #fbe3b8;
  --coop-1: #e4f4e8; --coop-2: #c4e8cd; --coop-3: #9ed8ad; --coop-4: #74c58a;
  --threat-1: #fbe6e6; --threat-2: #f6c9ca; --threat-3: #efa7a9; --threat-4: #e68487;
"""
_DARK = """
  --quiet: #74747f; --mixed: #574311;
  --coop-1: #1d3325; --coop-2: #20472e; --coop-3: #245c38; --coop-4: #287042;
  --threat-1: #3d2022; --threat-2: #5a2427; --threat-3: #76282c; --threat-4: #8f2d33;
"""

REPORT_STYLE = (
    STYLE
    + f"""
:root {{{_LIGHT}}}
@media (prefers-color-scheme: dark) {{ :root {{{_DARK}}} }}
@media print {{ :root {{{_LIGHT}}} }}
"""
    + """
body { max-width: 72rem; line-height: 1.8; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0 0; padding: 0; }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
.faint, .note { color: var(--faint); font-size: .875rem; }
.note { margin: .25rem 0; }
.roles { display: block; color: var(--faint); font-size: .8125rem; font-weight: normal; max-width: 24rem; }
.table { overflow-x: auto; overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; line-height: 1.7; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: start; vertical-align: top; }
thead th { color: var(--faint); font-weight: normal; font-size: .8125rem; vertical-align: bottom; }
td svg { margin-block: .5rem 0; }
a { color: inherit; }
td.count { text-align: center; white-space: nowrap; }
tbody th { min-width: 8rem; }
th.side { text-align: center; border-bottom: 0; }
th.target { white-space: normal; text-align: center; max-width: 7rem; }
.table.wide th, .table.wide td { min-width: 2.5rem; padding: .25rem .375rem; }
.coop-1 { background: var(--coop-1); } .coop-2 { background: var(--coop-2); }
.coop-3 { background: var(--coop-3); } .coop-4 { background: var(--coop-4); }
.threat-1 { background: var(--threat-1); } .threat-2 { background: var(--threat-2); }
.threat-3 { background: var(--threat-3); } .threat-4 { background: var(--threat-4); }
.both-1 { background: var(--mixed); }
.plain-1, .plain-2, .plain-3, .plain-4 { background: var(--panel); }
td a { text-decoration: none; }
td a:hover, td a:focus { text-decoration: underline; }
svg { display: block; max-width: 100%; height: auto; }
svg.timeline { width: 100%; }
svg .cooperative { fill: var(--good); } svg .threatening { fill: var(--bad); } svg .mixed { fill: var(--both); }
svg .neutral { fill: var(--quiet); }
svg .axis { stroke: var(--ink); stroke-width: 1; } svg .grid { stroke: var(--line); stroke-width: .5; }
svg text { fill: var(--faint); font-size: 12px; }
svg a:hover rect, svg a:focus rect { opacity: .7; }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: .25rem 0; padding: 0; }
.key li { display: flex; align-items: center; gap: .375rem; font-size: .875rem; }
details { border-bottom: 1px solid var(--line); }
details details { border-bottom: 0; margin-inline-start: 1rem; }
summary { cursor: pointer; padding: .25rem 0; }
details > div { padding: 0 0 .75rem; }
h4 { font-size: .9375rem; margin: .75rem 0 .125rem; }
.passages { list-style: none; margin: 0; padding: 0; }
.passages li {
  border-inline-start: .25rem solid var(--line); padding-block: .125rem; padding-inline: .75rem 0; margin: .375rem 0;
}
.passages p { margin: 0; }
.passages .place { color: var(--faint); font-size: .8125rem; }
.passages .cooperative { border-color: var(--good); }
.passages .threatening { border-color: var(--bad); }
.passages .mixed { border-color: var(--both); border-inline-start-style: double; border-inline-start-width: .375rem; }
:target { outline: 2px solid var(--both); outline-offset: .25rem; }
@media print {
  body { font-size: 9.5pt; }
  .table { overflow: visible; }
  .passages li, svg { break-inside: avoid; }
  tr { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  td, svg * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav { display: none; }
}
"""
)
