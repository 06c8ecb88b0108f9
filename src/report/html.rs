//! A document as one HTML page that needs nothing else: no script, no file, no address.

use std::fmt::Write;

use super::document::{Block, Document, Drawing, Gallery, KeyFigure, Section};
use crate::picture::{Entry, Picture, Table, to_svg};

/// The most bytes that a page has, as far as leaving out images helps.
pub const MOST_BYTES: usize = 2_000_000;
/// How many images a gallery has, fewer and fewer until the page is small enough.
const IMAGES: [usize; 6] = [usize::MAX, 12, 8, 5, 3, 0];
/// From so many columns on a table is printed in smaller type.
const WIDE: usize = 9;
/// A table of so few rows is on one page where it is printed.
const SHORT: usize = 16;
/// A text with more characters may take several lines of a table.
const LONG: usize = 40;

const STYLE: &str = include_str!("style.css");

/// The page, with so few images that it has at most [`MOST_BYTES`].
pub fn to_html(document: &Document) -> String {
    let mut page = String::new();
    for most_images in IMAGES {
        page = Page::of(document, most_images);
        if page.len() <= MOST_BYTES {
            break;
        }
    }
    page
}

struct Page {
    html: String,
    most_images: usize,
    /// The number of the next heading, for its anchor.
    next: usize,
}

impl Page {
    fn of(document: &Document, most_images: usize) -> String {
        let mut page = Self {
            html: String::new(),
            most_images,
            next: 1,
        };
        let title = escaped(&document.title);
        let version = env!("CARGO_PKG_VERSION");
        page.push(format_args!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"generator\" content=\"convscope {version}\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
             <body>\n<main>\n<h1>{title}</h1>\n<p class=\"made\">A report by convscope {version}</p>\n"
        ));
        page.contents(&document.sections);
        page.blocks(&document.about);
        for section in &document.sections {
            page.section(section, 2);
        }
        page.html += "</main>\n</body>\n</html>\n";
        page.html
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.html.write_fmt(text);
    }

    /// Links to the sections.
    fn contents(&mut self, sections: &[Section]) {
        self.html += "<nav aria-label=\"Contents\"><ul>\n";
        let mut number = 1;
        for section in sections {
            let title = escaped(&section.title);
            self.push(format_args!(
                "<li><a href=\"#s{number}\">{title}</a></li>\n"
            ));
            number += headings(section);
        }
        self.html += "</ul></nav>\n";
    }

    fn section(&mut self, section: &Section, level: usize) {
        let (title, number) = (escaped(&section.title), self.next);
        self.next += 1;
        let class = match section.begins_page {
            true => " class=\"whole\"",
            false => "",
        };
        self.push(format_args!(
            "<section{class} aria-labelledby=\"s{number}\">\n<h{level} id=\"s{number}\">{title}</h{level}>\n"
        ));
        self.blocks(&section.blocks);
        for part in &section.parts {
            self.section(part, (level + 1).min(4));
        }
        self.html += "</section>\n";
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Text(text) => self.push(format_args!("<p>{}</p>\n", escaped(text))),
            Block::Remark(text) => {
                self.push(format_args!("<p class=\"remark\">{}</p>\n", escaped(text)));
            }
            Block::List(lines) => {
                let lines = lines
                    .iter()
                    .map(|line| format!("<li>{}</li>\n", escaped(line)));
                let lines: String = lines.collect();
                self.push(format_args!("<ul>\n{lines}</ul>\n"));
            }
            Block::Figures(figures) => self.figures(figures),
            Block::Facts(facts) => {
                self.html += "<dl class=\"facts\">\n";
                for (name, value) in facts {
                    let (name, value) = (escaped(name), escaped(value));
                    self.push(format_args!("<dt>{name}</dt><dd>{value}</dd>\n"));
                }
                self.html += "</dl>\n";
            }
            Block::Table(table) => self.table(table),
            Block::Drawings(drawings) => {
                self.html += "<div class=\"drawings\">\n";
                drawings.iter().for_each(|drawing| self.drawing(drawing));
                self.html += "</div>\n";
            }
            Block::Gallery(gallery) => self.gallery(gallery),
            Block::Code(text) => {
                let text = escaped(text);
                self.push(format_args!(
                    "<pre tabindex=\"0\"><code>{text}</code></pre>\n"
                ));
            }
            Block::Folded(title, blocks) => {
                let title = escaped(title);
                self.push(format_args!("<details>\n<summary>{title}</summary>\n"));
                self.blocks(blocks);
                self.html += "</details>\n";
            }
        }
    }

    fn figures(&mut self, figures: &[KeyFigure]) {
        self.html += "<dl class=\"key\">\n";
        for KeyFigure { name, value, of } in figures {
            let [name, value, of] = [name, value.as_str(), of.as_str()].map(escaped);
            self.push(format_args!(
                "<div><dt>{name}</dt><dd><b>{value}</b><span class=\"of\">{of}</span></dd></div>\n"
            ));
        }
        self.html += "</dl>\n";
    }

    fn table(&mut self, table: &Table) {
        // One that can be scrolled is reached by keyboard.
        let wide = match table.columns.len() >= WIDE {
            true => " class=\"wide\"",
            false => "",
        };
        let short = match table.rows.len() <= SHORT {
            true => " short",
            false => "",
        };
        self.push(format_args!("<figure class=\"table{short}\">\n"));
        // Beside the table, so that it does not scroll with it.
        if !table.caption.is_empty() {
            let caption = escaped(&table.caption);
            self.push(format_args!("<figcaption>{caption}</figcaption>\n"));
        }
        self.push(format_args!(
            "<div class=\"box\" tabindex=\"0\"><table{wide}>\n"
        ));
        self.html += "<thead><tr>";
        for column in &table.columns {
            let (class, title) = (alignment(column.is_number), escaped(&column.title));
            self.push(format_args!("<th scope=\"col\"{class}>{title}</th>"));
        }
        self.html += "</tr></thead>\n<tbody>\n";
        for row in &table.rows {
            self.html += "<tr>";
            for (index, (entry, column)) in row.iter().zip(&table.columns).enumerate() {
                self.entry(entry, index == 0, column.is_number);
            }
            self.html += "</tr>\n";
        }
        self.html += "</tbody>\n</table></div>\n</figure>\n";
    }

    fn entry(&mut self, entry: &Entry, is_first: bool, is_number: bool) {
        let text = escaped(&entry.text);
        let text = match entry.is_bold {
            true => format!("<b>{text}</b>"),
            false => text,
        };
        let class = alignment(is_number);
        let tint = entry.tint.filter(|tint| tint.share > 0.0);
        match tint {
            _ if is_first => self.push(format_args!("<th scope=\"row\"{class}>{text}</th>")),
            Some(tint) => {
                let kind = if tint.color == 0 { 't' } else { 'u' };
                let share = tint.share.min(1.0);
                self.push(format_args!(
                    "<td class=\"n {kind}\" style=\"--s:{share:.2}\">{text}</td>"
                ));
            }
            None if entry.text.chars().count() > LONG => {
                self.push(format_args!("<td class=\"long\">{text}</td>"));
            }
            None => self.push(format_args!("<td{class}>{text}</td>")),
        }
    }

    fn drawing(&mut self, drawing: &Drawing) {
        let (alt, caption) = (escaped(&drawing.alt), escaped(&drawing.caption));
        self.push(format_args!("<figure role=\"group\">\n"));
        for (class, picture) in [
            ("on-light", &drawing.on_light),
            ("on-dark", &drawing.on_dark),
        ] {
            let svg = inline(picture);
            self.push(format_args!(
                "<div class=\"{class}\" role=\"img\" aria-label=\"{alt}\">{svg}</div>\n"
            ));
        }
        self.push(format_args!(
            "<figcaption>{caption}</figcaption>\n</figure>\n"
        ));
    }

    fn gallery(&mut self, gallery: &Gallery) {
        let shown = gallery.tiles.len().min(self.most_images);
        if shown == 0 {
            return;
        }
        let width = gallery.width;
        self.html += "<figure>\n<ul class=\"gallery\">\n";
        for tile in &gallery.tiles[..shown] {
            let (alt, address) = (escaped(&tile.alt), tile.image.to_data_uri());
            let [height, own, _] = tile.image.shape.into();
            let tall = (height * width as usize).div_ceil(own.max(1));
            let lines = tile
                .lines
                .iter()
                .map(|line| format!("<span>{}</span>", escaped(line)));
            let lines: String = lines.collect();
            self.push(format_args!(
                "<li style=\"--w:{width}px\"><img src=\"{address}\" width=\"{width}\" height=\"{tall}\" alt=\"{alt}\">{lines}</li>\n"
            ));
        }
        let caption = escaped(&gallery.caption);
        self.push(format_args!(
            "</ul>\n<figcaption>{caption}</figcaption>\n</figure>\n"
        ));
    }
}

/// The number of headings of a section with its parts.
fn headings(section: &Section) -> usize {
    1 + section.parts.iter().map(headings).sum::<usize>()
}

const fn alignment(is_number: bool) -> &'static str {
    match is_number {
        true => " class=\"n\"",
        false => "",
    }
}

/// A picture as a part of the page, which says itself that it is SVG.
fn inline(picture: &Picture) -> String {
    let svg = to_svg(picture);
    svg.trim_end().replacen(
        " xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\"",
        "",
        1,
    )
}

/// The text so that a page shows it as it is, in an attribute too.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            // No page may contain them.
            '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::document::{Raster, Tile};
    use super::*;
    use crate::picture::Column;
    use crate::shape::Shape;

    /// An image that no compression makes smaller.
    fn noise(seed: u32) -> Raster {
        let shape = Shape::new(56, 56, 3);
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
        let levels = (0..shape.len()).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        Raster {
            shape,
            levels: levels.collect(),
        }
    }

    fn gallery(images: u32) -> Block {
        let tile = |number| Tile {
            image: noise(number),
            alt: format!("image {number}"),
            lines: Vec::new(),
        };
        Block::Gallery(Gallery {
            caption: "noise".to_owned(),
            tiles: (0..images).map(tile).collect(),
            width: 56,
        })
    }

    #[test]
    fn a_page_that_would_be_too_large_has_fewer_images() {
        let mut document = Document::new("noise".to_owned());
        document.about = (0..30).map(|_| gallery(12)).collect();
        let page = to_html(&document);
        assert!(page.len() <= MOST_BYTES, "{}", page.len());
        assert_eq!(page.matches("<img").count(), 30 * 5);
        document.about.truncate(5);
        assert_eq!(to_html(&document).matches("<img").count(), 5 * 12);
    }

    #[test]
    fn whatever_a_text_holds_it_is_shown_as_it_is() {
        let evil = "</p><script>\"'&\u{0}";
        let mut table = Table::new(evil, vec![Column::text(evil)]);
        table.rows.push(vec![evil.into()]);
        let mut document = Document::new(evil.to_owned());
        document.about = vec![
            Block::text(evil),
            Block::Remark(evil.to_owned()),
            Block::List(vec![evil.to_owned()]),
            Block::Facts(vec![(evil.to_owned(), evil.to_owned())]),
            Block::Table(table),
            Block::Code(evil.to_owned()),
            Block::Folded(evil.to_owned(), vec![gallery(1)]),
        ];
        document.sections = vec![Section::new(evil, Vec::new())];
        let page = to_html(&document);
        assert!(
            !page.contains("<script") && !page.contains('\u{0}'),
            "{page}"
        );
        let shown = "&lt;/p&gt;&lt;script&gt;&quot;&#39;&amp;\u{fffd}";
        assert_eq!(page.matches(shown).count(), 14, "{page}");
    }

    #[test]
    fn links_lead_to_their_sections() {
        let mut document = Document::new("links".to_owned());
        let inner = Section::new("b", Vec::new());
        document.sections = vec![
            Section {
                parts: vec![inner.clone(), inner],
                ..Section::new("a", Vec::new())
            },
            Section::new("d", Vec::new()),
        ];
        let page = to_html(&document);
        for (link, heading) in [
            ("<a href=\"#s1\">a</a>", "<h2 id=\"s1\">a</h2>"),
            ("<a href=\"#s4\">d</a>", "<h2 id=\"s4\">d</h2>"),
        ] {
            assert!(page.contains(link) && page.contains(heading), "{page}");
        }
    }
}
