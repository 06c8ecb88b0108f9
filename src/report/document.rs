//! What a document consists of, as plain data.

use crate::picture::{Ground, Picture, Table};
use crate::shape::Shape;

/// A report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// What it begins with.
    pub(super) about: Vec<Block>,
    pub(super) sections: Vec<Section>,
}

/// A part of a document under a heading.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Section {
    pub title: String,
    pub blocks: Vec<Block>,
    pub parts: Vec<Section>,
    /// Whether it begins on a page of its own where it is printed.
    pub begins_page: bool,
}

/// Something below a heading.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    /// A paragraph.
    Text(String),
    /// A paragraph that a reader must not miss.
    Remark(String),
    /// Sentences of one kind.
    List(Vec<String>),
    /// The most important figures.
    Figures(Vec<KeyFigure>),
    /// Names with their values.
    Facts(Vec<(String, String)>),
    Table(Table),
    /// Drawings beside each other.
    Drawings(Vec<Drawing>),
    Gallery(Gallery),
    /// Lines as they are typed, or as a file holds them.
    Code(String),
    /// What is shown on request only.
    Folded(String, Vec<Block>),
}

/// A figure in large type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct KeyFigure {
    pub name: &'static str,
    pub value: String,
    /// What it was measured on, or how sure it is.
    pub of: String,
}

/// A drawing with its caption.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawing {
    /// What a reader who does not see it is told.
    pub alt: String,
    pub caption: String,
    pub on_light: Picture,
    pub on_dark: Picture,
}

/// Small images of one size.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Gallery {
    pub caption: String,
    pub tiles: Vec<Tile>,
    /// The width of an image on the page, in pixels.
    pub width: u32,
}

/// An image with its caption.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tile {
    pub image: Raster,
    pub alt: String,
    /// Below it.
    pub lines: Vec<String>,
}

/// Pixels.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Raster {
    /// 1 or 3 channels.
    pub shape: Shape,
    /// `[height, width, channels]`, 0–255.
    pub levels: Vec<u8>,
}

impl Document {
    pub(super) fn new(title: String) -> Self {
        Self {
            title,
            ..Self::default()
        }
    }
}

impl Section {
    pub fn new(title: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self {
            title: title.into(),
            blocks,
            ..Self::default()
        }
    }
}

impl Block {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl Drawing {
    /// Draws it on both grounds.
    pub fn new(
        alt: impl Into<String>,
        caption: impl Into<String>,
        draw: impl Fn(Ground) -> Picture,
    ) -> Self {
        Self {
            alt: alt.into(),
            caption: caption.into(),
            on_light: draw(Ground::Light),
            on_dark: draw(Ground::Dark),
        }
    }
}
