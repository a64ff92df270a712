"""Cuts the fonts down to what pages need, and writes the advance widths that the layout measures text with.

Called by `tools/fonts/run`, which brings the pinned tools and fonts. Writes static/fonts/*.woff2, the licences beside
them, the same fonts uncompressed for PNG as src/render/png/*.ttf, and src/diagram/widths.rs. With --check it writes nothing and says which of these is stale.
"""

import io
import subprocess
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SOURCES = Path(sys.argv[1]) / "node_modules" / "@fontsource"
CHECK = "--check" in sys.argv

LIMIT = 35_000  # bytes, all three together
ASCII = range(0x20, 0x7F)
# Besides ASCII: no-break space, copyright, degree, middle dot, times, dashes, quotes, bullet, ellipsis, minus.
EXTRAS = "\u00a0\u00a9\u00b0\u00b7\u00d7\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u2212"
# How far a slanted font leans: as browsers slant one that has no italics.
SLANT = 0.25
# What another font must draw: most letters of most alphabets are narrower than this (thousandths of an em).
OTHER = 650
# Drawn one em wide: Hangul, CJK, kana, full-width forms, emoji.
WIDE = [
    (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0xA4CF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F),
    (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF),
    (0x20000, 0x3FFFD),
]
# Drawn on the character before them, or not at all.
ZERO = [(0x0300, 0x036F), (0x200B, 0x200F), (0xFE00, 0xFE0F)]

# (file name here, family, path in the package, layout features kept)
FONTS = [
    ("inter-400", "Inter", "inter/files/inter-latin-400-normal.woff2", ["kern"]),
    ("inter-600", "Inter", "inter/files/inter-latin-600-normal.woff2", ["kern"]),
    # No ligatures: YAML is shown as it is written.
    ("jetbrains-mono-500", "JetBrains Mono", "jetbrains-mono/files/jetbrains-mono-latin-500-normal.woff2", []),
]


def make_figures_tabular(font):
    """Gives every digit its tabular form, so that numbers align in pages, pictures and measurements alike."""
    gsub = font["GSUB"].table
    lookups = {i for f in gsub.FeatureList.FeatureRecord if f.FeatureTag == "tnum" for i in f.Feature.LookupListIndex}
    forms = {}
    for index in lookups:
        for table in gsub.LookupList.Lookup[index].SubTable:
            forms.update(getattr(table, "ExtSubTable", table).mapping)
    for table in font["cmap"].tables:
        for code in range(ord("0"), ord("9") + 1):
            if code in table.cmap:
                table.cmap[code] = forms.get(table.cmap[code], table.cmap[code])


def cut(path, family, features):
    """The bytes of one font with only the characters above, compressed and not, and the font itself."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = features
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # names, copyright and licence
    options.drop_tables += ["STAT"]
    font = subset.load_font(str(path), options)
    if "kern" in features:
        make_figures_tabular(font)
    wanted = [*ASCII, *map(ord, EXTRAS)]
    missing = [f"U+{code:04X}" for code in wanted if code not in font.getBestCmap()]
    if missing:
        sys.exit(f"{path.name} has no glyph for {', '.join(missing)}")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    plain = io.BytesIO()
    font.flavor = None
    for record in font["name"].names:
        # Found by family and weight, as style sheets ask for it.
        if record.nameID == 1:
            record.string = family
    font.save(plain)
    return out.getvalue(), plain.getvalue(), TTFont(io.BytesIO(out.getvalue()))


def slanted(plain):
    """The same font leaning to the right, for a renderer that cannot slant one itself."""
    font = TTFont(io.BytesIO(plain), recalcTimestamp=False)
    for name in font.getGlyphOrder():
        glyph = font["glyf"][name]
        if glyph.numberOfContours > 0:
            glyph.coordinates.transform(((1, 0), (SLANT, 1)))
            glyph.coordinates.toInt()
            glyph.recalcBounds(font["glyf"])
    font["OS/2"].fsSelection = font["OS/2"].fsSelection & ~0x40 | 0x01
    font["head"].macStyle |= 0x02
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def advances(font, codes):
    cmap, widths = font.getBestCmap(), font["hmtx"]
    return [widths[cmap[code]][0] for code in codes]


def char(code):
    return f"'\\u{{{code:X}}}'"


def widths(fonts):
    """The Rust file of advance widths."""
    inter = fonts["inter-400"]["head"].unitsPerEm
    assert inter == fonts["inter-600"]["head"].unitsPerEm
    mono = set(advances(fonts["jetbrains-mono-500"], [*ASCII, *map(ord, EXTRAS)]))
    assert len(mono) == 1, mono
    out = [
        "//! How far each character of the page's fonts moves the pen, for measuring text without a browser.",
        "//!",
        "//! Kerning is left out: it only makes a line shorter, by a hundredth or two. Digits are tabular: all ten are as wide.",
        "//!",
        "//! Generated by `tools/fonts/run` from the fonts in `static/fonts`; `tools/fonts/run --check` says when it is stale.",
        "",
        "/// The units per em of the `INTER_…` widths.",
        f"pub(super) const INTER_UNITS_PER_EM: u16 = {inter};",
    ]
    for name, weight in (("inter-400", 400), ("inter-600", 600)):
        ascii_widths = ", ".join(map(str, advances(fonts[name], ASCII)))
        extras = zip(EXTRAS, advances(fonts[name], map(ord, EXTRAS)))
        extra_widths = ", ".join(f"({char(ord(c))}, {width})" for c, width in extras)
        out += [
            "",
            f"/// Inter {weight}: the widths of U+0020 to U+007E, in units.",
            f"pub(super) const INTER_{weight}: [u16; {len(ASCII)}] = [{ascii_widths}];",
            "",
            f"/// Inter {weight}: the widths of the other characters in the font, in units and in order.",
            f"pub(super) const INTER_{weight}_EXTRA: [(char, u16); {len(EXTRAS)}] = [{extra_widths}];",
        ]
    wide = ", ".join(f"({char(a)}, {char(b)})" for a, b in WIDE)
    zero = ", ".join(f"({char(a)}, {char(b)})" for a, b in ZERO)
    out += [
        "",
        "/// What a character that is in none of these tables is taken for in Inter, in units: another font draws it.",
        f"pub(super) const INTER_OTHER: u16 = {round(OTHER * inter / 1000)};",
        "",
        "/// The units per em of [`MONO_500`].",
        f"pub(super) const MONO_UNITS_PER_EM: u16 = {fonts['jetbrains-mono-500']['head'].unitsPerEm};",
        "",
        "/// `JetBrains` Mono 500: the width of every character, in units.",
        f"pub(super) const MONO_500: u16 = {mono.pop()};",
        "",
        "/// Characters that are one em wide in every font: the first and the last of each range, in order.",
        f"pub(super) const WIDE: [(char, char); {len(WIDE)}] = [{wide}];",
        "",
        "/// Characters without a width of their own: the first and the last of each range, in order.",
        f"pub(super) const ZERO: [(char, char); {len(ZERO)}] = [{zero}];",
        "",
    ]
    command = ["rustfmt", "--edition", "2024", "--config-path", str(ROOT), "--emit", "stdout"]
    done = subprocess.run(command, input="\n".join(out), text=True, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"rustfmt: {done.stderr}")
    return done.stdout.encode()


def main():
    files, fonts = {}, {}
    for name, family, path, features in FONTS:
        data, plain, fonts[name] = cut(SOURCES / path, family, features)
        files[f"static/fonts/{name}.woff2"] = data
        files[f"src/render/png/{name}.ttf"] = plain
        if family == "JetBrains Mono":
            files[f"src/render/png/{name}-slanted.ttf"] = slanted(plain)
    for family in ("inter", "jetbrains-mono"):
        text = (SOURCES / family / "LICENSE").read_text()
        files[f"static/fonts/OFL-{family}.txt"] = ("\n".join(map(str.rstrip, text.splitlines())) + "\n").encode()
    total = sum(len(data) for name, data in files.items() if name.endswith(".woff2"))
    if total > LIMIT:
        sys.exit(f"the fonts are {total} bytes together, more than {LIMIT}")
    files["src/diagram/widths.rs"] = widths(fonts)

    stale = [name for name, data in files.items() if not (ROOT / name).is_file() or (ROOT / name).read_bytes() != data]
    if CHECK:
        if stale:
            sys.exit("stale (run tools/fonts/run): " + ", ".join(stale))
    else:
        for name in stale:
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_bytes(files[name])
    sizes = ", ".join(f"{Path(name).name} {len(data)}" for name, data in files.items() if name.endswith(".woff2"))
    print(f"{sizes}; {total} bytes of {LIMIT} together; {len(stale)} of {len(files)} files written")


main()
