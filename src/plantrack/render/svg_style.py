"""How the charts in an SVG file look: colours for light and dark, and patterns beside them."""

from __future__ import annotations

STYLE = """
.page { fill: #ffffff }
text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #59636e }
.head { font-size: 18px; font-weight: 600; fill: #1f2328 }
.name { font-size: 14px; font-weight: 600; fill: #1f2328 }
.value { text-anchor: end }
.day { text-anchor: middle }
.grid { stroke: #e3e8ed }
.base, .mark { stroke: #818b98 }
.mark { stroke-dasharray: 2 3 }
.line { fill: none; stroke-width: 2 }
.scope { stroke: #9a6700; stroke-dasharray: 7 4 }
.area { fill-opacity: 0.3 }
.done { fill: #1a7f37 }
.done-line { stroke: #1a7f37 }
.open { fill: #0969da }
.open-line { stroke: #0969da }
.dropped { fill: url(#plantrack-dots) }
.dot { fill: #818b98 }
.band { fill: url(#plantrack-hatch); stroke: #8250df }
.hatch { stroke: #8250df }
.added { fill: #9a6700; stroke: #9a6700 }
.hollow { fill: none }
.removed { stroke: #818b98 }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 }
text { fill: #9198a1 }
.head, .name { fill: #f0f6fc }
.grid { stroke: #262c36 }
.base, .mark { stroke: #656c76 }
.scope { stroke: #d29922 }
.done { fill: #3fb950 }
.done-line { stroke: #3fb950 }
.open { fill: #4493f8 }
.open-line { stroke: #4493f8 }
.dot { fill: #9198a1 }
.band, .hatch { stroke: #ab7df8 }
.added { fill: #d29922; stroke: #d29922 }
.hollow { fill: none }
.removed { stroke: #9198a1 }
}
"""
PATTERNS = """<defs>
<pattern id="plantrack-hatch" width="6" height="6" patternUnits="userSpaceOnUse">\
<path class="hatch" d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5"/></pattern>
<pattern id="plantrack-dots" width="6" height="6" patternUnits="userSpaceOnUse">\
<circle class="dot" cx="2" cy="2" r="1"/><circle class="dot" cx="5" cy="5" r="1"/></pattern>
</defs>"""
