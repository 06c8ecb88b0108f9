//! Charts as TeX, for papers whose figures use the fonts of their text.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::chart::curves::{band_pieces, pieces};
use super::chart::frame::{Frame, Mark};
use super::chart::legend::Legend;
use super::chart::{Chart, Ground, Series};

/// What every file begins with.
const HEAD: &str = r"% A figure for pgfplots: compile this file, or copy the tikzpicture. If pdflatex runs out of memory, use lualatex.
\documentclass[border=2pt]{standalone}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\usepackage{pgfplots}
\usepgfplotslibrary{fillbetween}
\pgfplotsset{compat=1.14}
";

/// Coordinates in one line of the file.
const IN_LINE: usize = 6;

/// The chart as a TeX document with the same axes, ticks, curves and legend as its picture, on white.
pub fn to_tex(chart: &Chart) -> String {
    let frame = Frame::new(chart);
    let mut tex = Tex {
        text: HEAD.to_owned(),
    };
    let colors: BTreeSet<usize> = chart.series.iter().map(|series| series.color).collect();
    for number in colors {
        let [red, green, blue] = Ground::Light.color(number);
        tex.push(format_args!(
            "\\definecolor{{curve{number}}}{{RGB}}{{{red},{green},{blue}}}\n"
        ));
    }
    tex.text += "\\begin{document}\n\\begin{tikzpicture}\n\\begin{axis}[\n";
    tex.axis(chart, &frame);
    tex.text += "]\n";
    for (index, series) in chart.series.iter().enumerate() {
        tex.band(chart, series, index, &frame);
    }
    for series in &chart.series {
        tex.curve(chart, series, &frame);
    }
    if let Some(sentence) = chart.why_empty() {
        let sentence = escaped(sentence);
        tex.push(format_args!(
            "\\node at (rel axis cs:0.5,0.5) {{{sentence}}};\n"
        ));
    }
    tex.text += "\\end{axis}\n\\end{tikzpicture}\n\\end{document}\n";
    tex.text
}

struct Tex {
    text: String,
}

impl Tex {
    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.text.write_fmt(text);
    }

    /// The options of the axes.
    fn axis(&mut self, chart: &Chart, frame: &Frame) {
        let (width, height) = (frame.right - frame.left, frame.bottom - frame.top);
        self.push(format_args!(
            "  scale only axis, width={width:.1}pt, height={height:.1}pt,\n"
        ));
        for (key, lines) in [
            ("title", &frame.title),
            ("xlabel", &frame.x_label),
            ("ylabel", &frame.y_label),
        ] {
            if !lines.is_empty() {
                let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
                let lines = lines.join("\\\\");
                self.push(format_args!("  {key}={{{lines}}},\n"));
            }
        }
        self.text += "  title style={align=center, font=\\bfseries}, label style={align=center},\n";
        if chart.is_logarithmic {
            self.text += "  ymode=log,\n";
        }
        let ([x_low, x_high], [y_low, y_high]) = frame.ranges();
        self.push(format_args!(
            "  xmin={x_low:?}, xmax={x_high:?}, ymin={y_low:?}, ymax={y_high:?},\n"
        ));
        self.ticks('x', &frame.x_ticks);
        self.ticks('y', &frame.y_ticks);
        self.text += "  minor tick num=0, scaled ticks=false, tick align=outside, axis x line*=bottom, axis y line*=left,\n";
        self.text += "  ymajorgrids, grid style={gray!25}, tick label style={font=\\small},\n";
        self.text += "  unbounded coords=jump,\n";
        let columns = Legend::new(chart, frame).columns();
        self.push(format_args!(
            "  legend columns={columns}, legend cell align=left, legend style={{draw=none, font=\\small, anchor=north,\n    \
             at={{(0.5,0)}}, yshift=-3.4em, /tikz/every even column/.append style={{column sep=8pt}}}},\n"
        ));
    }

    fn ticks(&mut self, axis: char, marks: &[Mark]) {
        let values: Vec<String> = marks
            .iter()
            .map(|mark| format!("{:?}", mark.value))
            .collect();
        let labels = marks
            .iter()
            .map(|mark| format!("{{{}}}", escaped(&mark.text)));
        let labels: Vec<String> = labels.collect();
        let (values, labels) = (values.join(","), labels.join(","));
        self.push(format_args!(
            "  {axis}tick={{{values}}}, {axis}ticklabels={{{labels}}},\n"
        ));
    }

    /// The area between two invisible curves, for each piece.
    fn band(&mut self, chart: &Chart, series: &Series, index: usize, frame: &Frame) {
        let (_, [lowest, _]) = frame.ranges();
        for (piece, points) in band_pieces(chart, series, frame).iter().enumerate() {
            let name = format!("{index}p{piece}");
            let low = |low: f64| match chart.has_place(low) {
                true => low,
                false => lowest,
            };
            let lower = points.iter().map(|([x, a, b], _)| [*x, low(a.min(*b))]);
            let upper = points.iter().map(|([x, a, b], _)| [*x, a.max(*b)]);
            for (side, points) in [
                ("low", lower.collect()),
                ("high", upper.collect::<Vec<_>>()),
            ] {
                let points: Vec<[f64; 2]> = points;
                self.push(format_args!(
                    "\\addplot[draw=none, forget plot, name path={side}{name}] coordinates {{\n"
                ));
                self.coordinates(points.into_iter(), frame);
                self.text += "};\n";
            }
            let color = series.color;
            self.push(format_args!(
                "\\addplot[curve{color}, fill opacity=0.18, draw=none, forget plot] fill between[of=low{name} and high{name}];\n"
            ));
        }
    }

    fn curve(&mut self, chart: &Chart, series: &Series, frame: &Frame) {
        let color = series.color;
        let pieces = pieces(chart, series, frame);
        // A line needs two points.
        let dots = pieces.iter().filter(|piece| piece.len() == 1).flatten();
        let mut dots = dots.map(|(point, _)| *point).peekable();
        if dots.peek().is_some() {
            self.push(format_args!(
                "\\addplot[only marks, mark=*, mark size=1.2pt, curve{color}, forget plot] coordinates {{\n"
            ));
            self.coordinates(dots, frame);
            self.text += "};\n";
        }
        self.push(format_args!(
            "\\addplot[curve{color}, line width={}pt",
            if chart.series.len() > 16 { 0.7 } else { 1.2 }
        ));
        if !series.pattern.dashes().is_empty() {
            self.text += ", dash pattern=";
            for (index, length) in series.pattern.dashes().iter().enumerate() {
                let what = if index % 2 == 0 { "on" } else { "off" };
                self.push(format_args!("{what} {length}pt "));
            }
        }
        let name = escaped(series.name.trim());
        if name.is_empty() {
            self.text += ", forget plot";
        }
        self.text += "] coordinates {\n";
        let gap = [[f64::NAN; 2]];
        let points = pieces.iter().enumerate().flat_map(|(index, piece)| {
            let gap = gap.into_iter().take(index.min(1));
            gap.chain(piece.iter().map(|(point, _)| *point))
        });
        self.coordinates(points, frame);
        self.text += "};\n";
        if !name.is_empty() {
            self.push(format_args!("\\addlegendentry{{{name}}}\n"));
        }
    }

    fn coordinates(&mut self, points: impl Iterator<Item = [f64; 2]>, frame: &Frame) {
        let seen = frame.seen();
        for (index, [x, y]) in points.enumerate() {
            let end = if index % IN_LINE == IN_LINE - 1 {
                '\n'
            } else {
                ' '
            };
            let [x, y] = [number(x, seen[0]), number(y, seen[1])];
            self.push(format_args!("({x},{y}){end}"));
        }
    }
}

/// A coordinate with the digits that make a difference of `seen`, at most seven.
fn number(value: f64, seen: f64) -> String {
    let digits = value.abs().log10().floor() - seen.log10().floor();
    let digits = match digits.is_nan() {
        true => 6,
        false => digits.clamp(0.0, 6.0) as usize,
    };
    match format!("{value:.digits$e}").parse::<f64>() {
        Ok(rounded) if rounded.is_finite() => {
            let text = format!("{rounded:?}");
            text.strip_suffix(".0").unwrap_or(&text).to_owned()
        }
        _ => "nan".to_owned(),
    }
}

/// Raised characters and what is raised.
const RAISED: [(char, &str); 13] = [
    ('⁰', "0"),
    ('¹', "1"),
    ('²', "2"),
    ('³', "3"),
    ('⁴', "4"),
    ('⁵', "5"),
    ('⁶', "6"),
    ('⁷', "7"),
    ('⁸', "8"),
    ('⁹', "9"),
    ('⁺', "+"),
    ('⁻', "$-$"),
    ('ⁿ', "n"),
];

/// Characters that TeX needs a command for.
const COMMANDS: &[(char, &str)] = &[
    ('\\', r"\textbackslash{}"),
    ('{', r"\{"),
    ('}', r"\}"),
    ('$', r"\$"),
    ('&', r"\&"),
    ('#', r"\#"),
    ('%', r"\%"),
    ('_', r"\_"),
    ('~', r"\textasciitilde{}"),
    ('^', r"\textasciicircum{}"),
    ('<', r"\textless{}"),
    ('>', r"\textgreater{}"),
    ('|', r"\textbar{}"),
    ('"', r"\textquotedbl{}"),
    ('`', r"\textasciigrave{}"),
    ('\u{a0}', "~"),
    ('–', "--"),
    ('—', "---"),
    ('‘', "`"),
    ('’', "'"),
    ('“', "``"),
    ('”', "''"),
    ('…', r"\dots{}"),
    ('•', r"\textbullet{}"),
    ('·', r"$\cdot$"),
    ('×', r"$\times$"),
    ('÷', r"$\div$"),
    ('±', r"$\pm$"),
    ('−', "$-$"),
    ('°', r"$^\circ$"),
    ('µ', r"$\mu$"),
    ('¬', r"$\neg$"),
    ('≤', r"$\le$"),
    ('≥', r"$\ge$"),
    ('≠', r"$\ne$"),
    ('≈', r"$\approx$"),
    ('√', r"$\surd$"),
    ('∞', r"$\infty$"),
    ('∑', r"$\sum$"),
    ('∆', r"$\Delta$"),
    ('←', r"$\leftarrow$"),
    ('→', r"$\rightarrow$"),
    ('↑', r"$\uparrow$"),
    ('↓', r"$\downarrow$"),
    ('€', r"\texteuro{}"),
    ('£', r"\pounds{}"),
    ('§', r"\S{}"),
    ('©', r"\textcopyright{}"),
    ('‰', r"\textperthousand{}"),
    ('†', r"\dag{}"),
    ('α', r"$\alpha$"),
    ('β', r"$\beta$"),
    ('γ', r"$\gamma$"),
    ('δ', r"$\delta$"),
    ('ε', r"$\varepsilon$"),
    ('ζ', r"$\zeta$"),
    ('η', r"$\eta$"),
    ('θ', r"$\theta$"),
    ('κ', r"$\kappa$"),
    ('λ', r"$\lambda$"),
    ('μ', r"$\mu$"),
    ('ν', r"$\nu$"),
    ('ξ', r"$\xi$"),
    ('π', r"$\pi$"),
    ('ρ', r"$\rho$"),
    ('σ', r"$\sigma$"),
    ('τ', r"$\tau$"),
    ('φ', r"$\varphi$"),
    ('χ', r"$\chi$"),
    ('ψ', r"$\psi$"),
    ('ω', r"$\omega$"),
    ('Γ', r"$\Gamma$"),
    ('Δ', r"$\Delta$"),
    ('Θ', r"$\Theta$"),
    ('Λ', r"$\Lambda$"),
    ('Π', r"$\Pi$"),
    ('Σ', r"$\Sigma$"),
    ('Φ', r"$\Phi$"),
    ('Ψ', r"$\Psi$"),
    ('Ω', r"$\Omega$"),
];

/// In place of a character that TeX's usual fonts lack: a box, as in pictures.
const MISSING: &str = r"\rule{0.5em}{1.4ex}";

/// The text so that TeX prints it as it is.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if let Some((_, command)) = COMMANDS.iter().find(|(own, _)| *own == character) {
            escaped += command;
        } else if let Some((_, raised)) = RAISED.iter().find(|(own, _)| *own == character) {
            let _ = write!(escaped, "\\textsuperscript{{{raised}}}");
        } else {
            match character {
                // Two of them would become another sign.
                '-' | '\'' | ',' if escaped.ends_with(character) => {
                    escaped += "{}";
                    escaped.push(character);
                }
                ' '..='~' | 'À'..='ÿ' => escaped.push(character),
                character if character.is_control() || character.is_whitespace() => {
                    escaped.push(' ');
                }
                _ => escaped += MISSING,
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics unless every brace, bracket of coordinates and environment that is opened is closed in its order.
    fn check_balance(tex: &str) {
        let mut depth = 0;
        let mut characters = tex.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\\' => {
                    characters.next();
                }
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            assert!(depth >= 0, "a brace too many");
        }
        assert_eq!(depth, 0, "a brace that is not closed");
        let mut open = Vec::new();
        for line in tex.lines() {
            if let Some(name) = line.strip_prefix("\\begin{") {
                open.push(name.split('}').next().unwrap());
            } else if let Some(name) = line.strip_prefix("\\end{") {
                assert_eq!(open.pop(), name.split('}').next());
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn a_text_is_printed_as_it_is() {
        for (text, expected) in [
            ("50 % of #1 & a_b", r"50 \% of \#1 \& a\_b"),
            (
                r"C:\x{y}$~^",
                r"C:\textbackslash{}x\{y\}\$\textasciitilde{}\textasciicircum{}",
            ),
            ("a--b''", "a-{}-b'{}'"),
            (
                "2.5×10⁻⁶",
                r"2.5$\times$10\textsuperscript{$-$}\textsuperscript{6}",
            ),
            ("größe µ ≤ α…", r"größe $\mu$ $\le$ $\alpha$\dots{}"),
            ("a\nb\u{7}", "a b "),
            ("長", MISSING),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }

    fn chart() -> Chart {
        let series = Series {
            band: vec![[1.0, 0.4, 0.6], [2.0, 0.5, 0.7], [3.0, f64::NAN, 0.8]],
            ..Series::new(0, "50 % {dropout}", vec![[1.0, 0.5], [2.0, 0.6]])
        };
        let gaps = [0.1, 0.2, f64::NAN, 0.4, f64::NAN, 0.5, 0.6];
        let gaps = gaps.iter().enumerate().map(|(x, y)| [x as f64, *y]);
        Chart {
            title: "A & B".to_owned(),
            x_label: "epoch".to_owned(),
            y_label: "accuracy_val".to_owned(),
            series: vec![series, Series::new(7, "", gaps.collect())],
            ..Chart::default()
        }
    }

    #[test]
    fn coordinates_have_the_digits_that_are_seen() {
        let values = [0.123_456_789, -3.0, 1_234_567.0, 1e-30, f64::NAN, f64::MAX];
        let all = ["0.1234568", "-3", "1234567", "1e-30", "nan", "1.797693e308"];
        assert_eq!(values.map(|value| number(value, 0.0)), all);
        for (value, seen, text) in [
            (0.812_345_678, 0.000_05, "0.81235"),
            (0.812_345_678, 0.02, "0.81"),
            (123.0, 0.05, "123"),
            (0.0, 0.05, "0"),
            (1e300, 1e-3, "1e300"),
            (0.5, 1e300, "0.5"),
        ] {
            assert_eq!(number(value, seen), text);
        }
    }

    #[test]
    fn many_long_curves_are_a_file_of_moderate_size() {
        let curve = |index: usize| {
            let rate = 40.0 + index as f64;
            let value = |x: f64| 0.9 - 0.5 * (-x / rate).exp() + 0.002 * (x * 0.7).sin();
            let points = (1..=1000).map(|x| [f64::from(x), value(f64::from(x))]);
            Series::new(index, format!("run {index}"), points.collect())
        };
        let chart = Chart {
            series: (0..200).map(curve).collect(),
            ..Chart::default()
        };
        let length = to_tex(&chart).len();
        assert!(length < 2_000_000, "{length}");
    }

    #[test]
    fn a_chart_is_a_whole_document() {
        let tex = to_tex(&chart());
        check_balance(&tex);
        for part in [
            "\\documentclass[border=2pt]{standalone}",
            "title={A \\& B},",
            "ylabel={accuracy\\_val},",
            "xmin=0.0, xmax=6.0,",
            "(1,0.5) (2,0.6) };",
            "\\addlegendentry{50 \\% \\{dropout\\}}",
            "name path=low0p0] coordinates {\n(1,0.4) (2,0.5) };",
            "fill between[of=low0p0 and high0p0]",
            "dash pattern=on 5pt off 2.5pt , forget plot] coordinates {\n(0,0.1) (1,0.2) (nan,nan) (3,0.4) (nan,nan) (5,0.5)\n",
            "only marks, mark=*, mark size=1.2pt, curve0, forget plot] coordinates {\n(3,0.4) };",
            "\\end{document}",
        ] {
            assert!(tex.contains(part), "{part}\n{tex}");
        }
    }

    #[test]
    fn logarithmic_and_empty_charts_are_documents_too() {
        let logarithmic = Chart {
            is_logarithmic: true,
            ..chart()
        };
        let tex = to_tex(&logarithmic);
        check_balance(&tex);
        assert!(
            tex.contains("ymode=log") && !tex.contains("ymin=-"),
            "{tex}"
        );
        let tex = to_tex(&Chart::default());
        check_balance(&tex);
        assert!(tex.contains("{There are no values to draw.}"), "{tex}");
    }
}
