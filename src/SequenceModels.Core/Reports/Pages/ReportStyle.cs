namespace SequenceModels.Reports;

/// <summary>How a page looks, on light and dark screens and on paper.</summary>
/// <remarks>
/// The colours of lines and bars keep their distance for readers who do not tell red from green (after Okabe and Ito,
/// "Color Universal Design", 2008) and have at least three times the contrast of their ground; dashes and markers say the same
/// without colour.
/// </remarks>
internal static class ReportStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --ground: #ffffff; --ink: #1d2329; --soft: #59636e; --rule: #d8dde3; --wash: #f5f7f9;
          --strong: #0b5a9c; --on: #ffffff;
          --s0: #0072b2; --s1: #c44e00; --s2: #007f5c; --s3: #a8457f;
          --s4: #6a5200; --s5: #4a4fb0; --s6: #59636e; --s7: #9c2f2f; }
        @media (prefers-color-scheme: dark) { :root { --ground: #15191d; --ink: #e4e8ec; --soft: #a3adb8; --rule: #353d46;
          --wash: #1d2329; --strong: #6db8ee; --on: #10151a;
          --s0: #6db8ee; --s1: #ff9a5a; --s2: #4fd0a8; --s3: #eaa1cc;
          --s4: #e3c45c; --s5: #aab0ff; --s6: #b9c2cc; --s7: #ff9d9d; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
        header, main, footer { max-width: 54rem; margin: 0 auto; padding: 0 1.5rem; }
        header { padding-top: 2.5rem; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
        h2 { font-size: 1.35rem; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
        h3 { font-size: 1.05rem; margin: 0 0 .2rem; }
        p { max-width: 46rem; margin: .4rem 0; }
        a { color: var(--strong); }
        .lead, figcaption p, footer, .note { color: var(--soft); }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 1rem; top: 1rem; padding: .4rem .8rem; background: var(--ground); border: 2px solid var(--strong); }
        :focus-visible { outline: 2px solid var(--strong); outline-offset: 2px; }
        nav ul, .key { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: .8rem 0; }
        .key { font-size: .875rem; margin: .5rem 0; }
        .key li { display: flex; align-items: center; gap: .45rem; }
        .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 1px; margin: 1.4rem 0;
          padding: 1px; }
        .facts div { background: var(--wash); box-shadow: 0 0 0 1px var(--rule); padding: .55rem .8rem; }
        .facts dt { font-size: .8rem; color: var(--soft); }
        .facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
        figure { margin: 1.8rem 0; }
        figcaption p { font-size: .9rem; }
        figure svg[role] { display: block; width: 100%; height: auto; margin: .4rem 0; }
        svg text { fill: var(--ink); font-size: 12.5px; font-family: inherit; unicode-bidi: plaintext; }
        svg .tick { fill: var(--soft); }
        svg .end { text-anchor: end; }
        svg .middle, svg .value { text-anchor: middle; }
        svg .value { font-size: 11.5px; }
        svg .strong { fill: var(--on); }
        @media screen and (prefers-color-scheme: dark) { svg .over { fill: var(--on); } }
        .grid { stroke: var(--rule); stroke-width: 1; }
        .axis { stroke: var(--soft); stroke-width: 1; }
        .reference { stroke: var(--ink); stroke-width: 1.4; stroke-dasharray: 5 4; }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .mark { stroke: var(--ground); stroke-width: 1; }
        .actual { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-linejoin: round; }
        .forecast { fill: none; stroke: var(--s1); stroke-width: 2; stroke-linejoin: round; }
        .truth { fill: var(--ink); }
        .band { fill: var(--s1); fill-opacity: .2; stroke: none; }
        .dot { fill: var(--s0); fill-opacity: .55; }
        .bar { fill: var(--s0); }
        .cell { fill: var(--strong); stroke: var(--rule); stroke-width: .6; }
        .s0 { stroke: var(--s0); } .s1 { stroke: var(--s1); stroke-dasharray: 8 4; }
        .s2 { stroke: var(--s2); stroke-dasharray: 2.5 3; } .s3 { stroke: var(--s3); stroke-dasharray: 10 3 2 3; }
        .s4 { stroke: var(--s4); stroke-dasharray: 14 4; } .s5 { stroke: var(--s5); stroke-dasharray: 5 2; }
        .s6 { stroke: var(--s6); stroke-dasharray: 1.5 4; } .s7 { stroke: var(--s7); stroke-dasharray: 12 3 2 3 2 3; }
        .m0 { fill: var(--s0); } .m1 { fill: var(--s1); } .m2 { fill: var(--s2); } .m3 { fill: var(--s3); }
        .m4 { fill: var(--s4); } .m5 { fill: var(--s5); } .m6 { fill: var(--s6); } .m7 { fill: var(--s7); }
        summary { cursor: pointer; color: var(--strong); font-size: .9rem; }
        .scroll { overflow: auto; max-height: 26rem; margin: .4rem 0; }
        table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
        caption { text-align: start; color: var(--soft); padding: .2rem 0; }
        th, td { padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--rule); text-align: end; font-weight: 400;
          vertical-align: top; }
        thead th { font-weight: 600; }
        tbody th, thead th:first-child, .words th, .words td { text-align: start; }
        .shares { max-width: none; line-height: 2; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
        .for, .against { padding: .1em .05em; border-bottom: 2px solid transparent; border-radius: 2px; }
        .for { background: color-mix(in srgb, var(--s0) var(--level), transparent); border-bottom-color: var(--s0); }
        .against { background: color-mix(in srgb, var(--s1) var(--level), transparent); border-bottom: 2px dashed var(--s1); }
        .l1 { --level: 4%; } .l2 { --level: 9%; } .l3 { --level: 14%; } .l4 { --level: 19%; } .l5 { --level: 25%; }
        .l6 { --level: 31%; } .l7 { --level: 37%; } .l8 { --level: 44%; }
        .l1, .l2 { border-bottom-color: transparent; }
        article { margin: 1.8rem 0; break-inside: avoid; }
        footer { padding-top: 2rem; padding-bottom: 3rem; font-size: .85rem; }
        @media screen and (max-width: 40rem) { figure { overflow-x: auto; } figure svg[role] { min-width: 34rem; } }
        @media print {
          :root { color-scheme: light; --ground: #ffffff; --ink: #000000; --soft: #444444; --rule: #bbbbbb; --wash: #ffffff;
            --strong: #0b5a9c; --on: #ffffff;
            --s0: #0072b2; --s1: #c44e00; --s2: #007f5c; --s3: #a8457f;
            --s4: #6a5200; --s5: #4a4fb0; --s6: #59636e; --s7: #9c2f2f; }
          body { font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
          header, main, footer { max-width: none; padding: 0; }
          nav, .skip, summary { display: none; }
          details::details-content { content-visibility: visible; block-size: auto; }
          .wide { font-size: 5.5pt; } .wide th, .wide td { padding-right: .3rem; }
          .scroll { max-height: none; overflow: visible; }
          figure svg[role], tr, .facts { break-inside: avoid; }
          h2, h3, figcaption { break-after: avoid; }
          thead { display: table-header-group; }
        }

        """;
}
