//! Tables as TeX.

use super::super::chart::Ground;
use super::super::tex::escaped;
use super::{Entry, Table};

/// What every file begins with.
const HEAD: &str = r"% A table with booktabs: compile this file, or copy the tabular.
\documentclass[border=2pt]{standalone}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\usepackage{booktabs}
\usepackage[table]{xcolor}
";

pub(super) fn to_tex(table: &Table) -> String {
    let alignment = table.columns.iter().map(|column| match column.is_number {
        true => 'r',
        false => 'l',
    });
    let alignment: String = alignment.collect();
    let head = table.columns.iter().map(|column| escaped(&column.title));
    let mut lines = vec![line(head), "\\midrule".to_owned()];
    lines.extend(table.rows.iter().map(|row| line(row.iter().map(entry))));
    // As a comment: where a caption goes is the paper's choice.
    let caption = match table.caption.is_empty() {
        true => String::new(),
        false => format!("% {}\n", escaped(&table.caption)),
    };
    format!(
        "{HEAD}\\begin{{document}}\n{caption}\\begin{{tabular}}{{{alignment}}}\n\\toprule\n{}\n\\bottomrule\n\\end{{tabular}}\n\
         \\end{{document}}\n",
        lines.join("\n")
    )
}

/// A row.
fn line(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(" & ") + " \\\\"
}

fn entry(entry: &Entry) -> String {
    let text = escaped(&entry.text);
    let text = match entry.is_bold {
        true => format!("\\textbf{{{text}}}"),
        false => text,
    };
    match entry.color(Ground::Light) {
        Some([red, green, blue]) => format!("\\cellcolor[RGB]{{{red},{green},{blue}}}{text}"),
        None => text,
    }
}
