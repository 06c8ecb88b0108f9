//! Why a block's paths cannot be joined, and what makes them fit.

use super::inference::{MOST_DEPTH, Open, Volume};
use super::lines;
use super::spec::LayerSpec;
use crate::field::{Kind, Value};
use crate::layers::{Contents, Join, LayerKind, Mend, Misfit, Shortcut};
use crate::shape::Shape;

/// The largest stride of a shortcut's convolution.
const MOST_STRIDE: usize = 8;

pub(super) fn too_deep(line: usize) -> Misfit {
    Misfit::new(
        format!("is inside {MOST_DEPTH} blocks already"),
        "take it out of one",
        Mend::Unwrap(line),
    )
}

/// Why a block with these lines `inside` it is none.
pub(super) fn too_few(line: usize, contents: Contents, inside: &[LayerSpec]) -> Option<Misfit> {
    let reason = match contents {
        Contents::Layers if inside.is_empty() => "has no layers",
        Contents::Paths if lines::paths(inside).count() < 2 => "has only one path",
        Contents::Layers | Contents::Paths => return None,
    };
    let remedy = match contents {
        Contents::Layers => "add one inside it or unwrap it",
        Contents::Paths => "add a path or unwrap it",
    };
    Some(Misfit::new(reason, remedy, Mend::Unwrap(line)))
}

/// A vector and an image have no place in common.
pub(super) fn are_all_vectors_or_none(ends: &[Volume]) -> bool {
    let vectors = ends.iter().filter(|end| end.vector.is_some()).count();
    vectors == 0 || vectors == ends.len()
}

/// The layers of a residual block's second path, from its input, for an output of the shape that its layers give: none where it is the
/// input itself. `None` where a 1×1 convolution is wanted and would not fit.
pub(super) fn shortcut(
    shortcut: Shortcut,
    input: &Volume,
    output: &Volume,
) -> Option<Vec<LayerSpec>> {
    let is_plain = match shortcut {
        Shortcut::Identity => true,
        Shortcut::Auto => input.shape == output.shape,
        Shortcut::Conv => false,
    };
    if is_plain {
        return Some(Vec::new());
    }
    if input.vector.is_some() || output.vector.is_some() {
        return None;
    }
    let stride = stride_between(input.shape, output.shape)?;
    let convolution = projection(output.shape.channels, stride)?;
    Some(vec![convolution, default_of("batch_norm")])
}

/// A 1×1 convolution; `None` where it would have too many filters.
fn projection(filters: usize, stride: usize) -> Option<LayerSpec> {
    let mut convolution = default_of("conv2d");
    for (field, value) in [("filters", filters), ("kernel", 1), ("stride", stride)] {
        convolution.set(field, &Value::Whole(value)).ok()?;
    }
    Some(convolution)
}

impl Volume {
    fn in_words(&self) -> String {
        match self.vector {
            Some(_) => format!("a vector of {}", self.shape.channels),
            None => self.shape.to_string(),
        }
    }
}

/// The stride of a 1×1 convolution from one height and width to the other.
fn stride_between(from: Shape, to: Shape) -> Option<usize> {
    (1..=MOST_STRIDE).find(|stride| {
        (from.height.div_ceil(*stride), from.width.div_ceil(*stride)) == (to.height, to.width)
    })
}

/// Why the paths of a block, all ended, do not fit together.
pub(super) fn do_not_fit(open: &Open, end: usize, layers: &[LayerSpec]) -> Misfit {
    let shapes: Vec<String> = open.ends.iter().map(Volume::in_words).collect();
    let (last, others) = shapes.split_last().expect("a block has a path");
    let paths = match open.joining.shortcut {
        Some(_) => "the block's layers and its shortcut",
        None => "the block's paths",
    };
    let reason = format!("{paths} give {} and {last}", others.join(", "));
    let (remedy, mend) = mend(open, end, layers).unwrap_or_else(|| unwrap(open));
    Misfit::new(reason, remedy, mend)
}

/// Why a residual block, whose layers have ended, has no shortcut.
pub(super) fn no_shortcut(
    open: &Open,
    output: &Volume,
    end: usize,
    layers: &[LayerSpec],
) -> Misfit {
    let (input, output) = (open.input.in_words(), output.in_words());
    let reason = format!(
        "no 1×1 convolution makes the {output} of the block's layers from its input {input}"
    );
    let (remedy, mend) = pad(open, end, layers).unwrap_or_else(|| unwrap(open));
    Misfit::new(reason, remedy, mend)
}

fn unwrap(open: &Open) -> (&'static str, Mend) {
    ("unwrap the block", Mend::Unwrap(open.line))
}

/// The first layer of the block that loses pixels at the border, with zeros there.
fn pad(open: &Open, end: usize, layers: &[LayerSpec]) -> Option<(&'static str, Mend)> {
    let valid = Value::Choice("valid");
    let shrinks = |line: &usize| {
        let mut fields = layers[*line].fields();
        fields.any(|(field, value)| field.name == "padding" && *value == valid)
    };
    let line = (open.line..end).find(shrinks)?;
    let mend = Mend::SetAt(line, "padding", Value::Choice("same"));
    Some(("use padding same inside it", mend))
}

fn mend(open: &Open, end: usize, layers: &[LayerSpec]) -> Option<(&'static str, Mend)> {
    if !are_all_vectors_or_none(&open.ends) {
        return None;
    }
    if open.joining.shortcut == Some(Shortcut::Identity) {
        shortcut(Shortcut::Auto, &open.input, &open.ends[0])?;
        let auto = Value::Choice("auto");
        let mend = Mend::SetAt(open.line, "shortcut", auto);
        return Some(("put a 1×1 convolution on the shortcut", mend));
    }
    let places = |end: &Volume| (end.shape.height, end.shape.width);
    let first = places(&open.ends[0]);
    if open.ends.iter().any(|end| places(end) != first) {
        return pad(open, end, layers);
    }
    if open.joining.join != Join::Add || open.ends[0].vector.is_some() {
        return None;
    }
    // Only the channels differ: those of the widest path for the first that has others.
    let channels = open.ends.iter().map(|end| end.shape.channels).max()?;
    let mut ends = open.ends.iter();
    let narrow = ends.position(|end| end.shape.channels != channels)?;
    let place = open.starts.get(narrow + 1).map_or(end, |next| next - 1);
    let remedy = "put a 1×1 convolution at the end of the narrower path";
    Some((remedy, Mend::InsertAt(place, projection(channels, 1)?)))
}

/// A layer of this type with its defaults.
pub(super) fn default_of(kind: &str) -> LayerSpec {
    let kind = LayerKind::named(kind);
    LayerSpec::with_defaults(kind.expect("the type is one of the list"))
}
