//! A document as Markdown, with its pictures as files beside it.

use std::fmt::Write;

use super::document::{Block, Document, Drawing, Gallery, Section};
use super::images::contact_sheet;
use crate::picture::{Table, to_svg};

/// A text in Markdown, and the files that it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Markdown {
    /// The text.
    pub text: String,
    /// Name and content of each picture, in the folder that the text names.
    pub pictures: Vec<(String, Vec<u8>)>,
    folder: String,
}

impl Markdown {
    /// The document with its pictures in the folder `folder`, a path relative to the text.
    pub fn of(document: &Document, folder: &str) -> Self {
        let mut markdown = Self {
            folder: folder.to_owned(),
            ..Self::default()
        };
        let title = escaped(&document.title);
        markdown.push(format_args!("# {title}\n\n"));
        markdown.blocks(&document.about);
        for section in &document.sections {
            markdown.section(section, 2);
        }
        markdown.text = format!("{}\n", markdown.text.trim_end());
        markdown
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.text.write_fmt(text);
    }

    fn section(&mut self, section: &Section, level: usize) {
        let (marks, title) = ("#".repeat(level), escaped(&section.title));
        self.push(format_args!("{marks} {title}\n\n"));
        self.blocks(&section.blocks);
        for part in &section.parts {
            self.section(part, level + 1);
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Text(text) => self.push(format_args!("{}\n\n", escaped(text))),
            Block::Remark(text) => self.push(format_args!("> {}\n\n", escaped(text))),
            Block::List(lines) => {
                for line in lines {
                    self.push(format_args!("- {}\n", escaped(line)));
                }
                self.text.push('\n');
            }
            Block::Figures(figures) => {
                for figure in figures {
                    let [value, of] = [&figure.value, &figure.of].map(|text| escaped(text));
                    let name = figure.name;
                    let of = if of.is_empty() {
                        of
                    } else {
                        format!(" ({of})")
                    };
                    self.push(format_args!("- {name}: **{value}**{of}\n"));
                }
                self.text.push('\n');
            }
            Block::Facts(facts) => {
                for (name, value) in facts {
                    let (name, value) = (escaped(name), escaped(value));
                    self.push(format_args!("- {name}: {value}\n"));
                }
                self.text.push('\n');
            }
            Block::Table(table) => self.table(table),
            Block::Drawings(drawings) => drawings.iter().for_each(|drawing| self.drawing(drawing)),
            Block::Gallery(gallery) => self.gallery(gallery),
            Block::Code(text) => self.code(text),
            Block::Folded(title, blocks) => {
                let title = escaped(title);
                self.push(format_args!("<details>\n<summary>{title}</summary>\n\n"));
                self.blocks(blocks);
                self.text += "</details>\n\n";
            }
        }
    }

    /// Between more backquotes than the text has in a row.
    fn code(&mut self, text: &str) {
        let longest = text.split(|character| character != '`').map(str::len).max();
        let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
        let text = text.trim_end();
        self.push(format_args!("{fence}\n{text}\n{fence}\n\n"));
    }

    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            self.push(format_args!("{}\n\n", escaped(&table.caption)));
        }
        let line = |cells: &mut dyn Iterator<Item = String>| {
            let cells: Vec<String> = cells.collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let columns = &table.columns;
        self.text += &line(&mut columns.iter().map(|column| escaped(&column.title)));
        self.text += &line(&mut columns.iter().map(|column| match column.is_number {
            true => "--:".to_owned(),
            false => "---".to_owned(),
        }));
        for row in &table.rows {
            let cells = row.iter().map(|entry| match entry.is_bold {
                true if !entry.text.is_empty() => format!("**{}**", escaped(&entry.text)),
                _ => escaped(&entry.text),
            });
            self.text += &line(&mut { cells });
        }
        self.text.push('\n');
    }

    fn drawing(&mut self, drawing: &Drawing) {
        let svg = to_svg(&drawing.on_light).into_bytes();
        self.picture("svg", svg, &drawing.alt);
        self.push(format_args!("{}\n\n", escaped(&drawing.caption)));
    }

    fn gallery(&mut self, gallery: &Gallery) {
        if gallery.tiles.is_empty() {
            return;
        }
        self.picture(
            "png",
            contact_sheet(&gallery.tiles).to_png(),
            &gallery.caption,
        );
        let mut caption = escaped(&gallery.caption);
        for (tile, number) in gallery.tiles.iter().zip(1..) {
            if !tile.lines.is_empty() {
                let lines = escaped(&tile.lines.join(", "));
                caption += &format!("  \n{number}: {lines}");
            }
        }
        self.push(format_args!("{caption}\n\n"));
    }

    fn picture(&mut self, ending: &str, content: Vec<u8>, alt: &str) {
        let name = format!("{}.{ending}", self.pictures.len() + 1);
        let (alt, folder) = (escaped(alt), &self.folder);
        // Angle brackets, for a path may have spaces.
        let link = format!("![{alt}](<{folder}/{name}>)\n\n");
        self.text += &link;
        self.pictures.push((name, content));
    }
}

/// The text on one line so that Markdown shows it as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' => escaped.extend(['\\', character]),
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '&' => escaped += "&amp;",
            other if other.is_whitespace() || other.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
