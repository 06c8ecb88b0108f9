//! The lines of a network's list of layers: which belong together as a block, and which path of it a line is in.

use std::ops::Range;

use super::spec::LayerSpec;
use crate::layers::{Build, Contents, END, LayerKind, PATH};

/// A layer, or a block with all its lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    /// The layer, or the beginning of the block.
    pub(super) first: &'a LayerSpec,
    /// The lines between the beginning of the block and its end.
    pub(super) inside: &'a [LayerSpec],
}

/// The layers and blocks of a list, without those inside the blocks.
pub(super) fn items(layers: &[LayerSpec]) -> impl Iterator<Item = Item<'_>> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let first = layers.get(next)?;
        let lines = unit(layers, next);
        next = lines.end;
        let inside = lines.start + 1..(lines.end - 1).max(lines.start + 1);
        Some(Item {
            first,
            inside: &layers[inside],
        })
    })
}

/// The paths of a block, given the lines inside it.
pub(super) fn paths(inside: &[LayerSpec]) -> impl Iterator<Item = &[LayerSpec]> {
    let mut depth = 0i32;
    inside.split(move |layer| {
        depth += change_of_depth(layer);
        depth == 0 && is_path(layer)
    })
}

/// Whether each block has an end, and each path and each end is inside one.
pub(super) fn are_balanced(layers: &[LayerSpec]) -> bool {
    let mut depth = 0;
    let is_inside = layers.iter().all(|layer| {
        let is_outside = depth == 0;
        depth += change_of_depth(layer);
        !(is_outside && matches!(layer.kind().build, Build::Path | Build::End))
    });
    is_inside && depth == 0
}

/// The lines that are moved with line `index`: all of a block at its beginning and at its end, otherwise itself.
pub(super) fn unit(layers: &[LayerSpec], index: usize) -> Range<usize> {
    match layers[index].kind().build {
        Build::Block(..) => index..end_of(layers, index) + 1,
        Build::End => start_of(layers, index)..index + 1,
        Build::Layer(_) | Build::Path => index..index + 1,
    }
}

/// The end of the innermost block that is open at line `index`, or that begins there.
pub(super) fn end_of(layers: &[LayerSpec], index: usize) -> usize {
    let is_beginning = matches!(layers[index].kind().build, Build::Block(..));
    let mut depth = i32::from(!is_beginning);
    let end = layers[index..].iter().position(|layer| {
        depth += change_of_depth(layer);
        depth == 0
    });
    end.map_or(layers.len() - 1, |end| index + end)
}

/// The beginning of the innermost block that is open at line `index`, or that ends there.
pub(super) fn start_of(layers: &[LayerSpec], index: usize) -> usize {
    let is_end = matches!(layers[index].kind().build, Build::End);
    let mut depth = i32::from(!is_end);
    let start = layers[..=index].iter().rposition(|layer| {
        depth -= change_of_depth(layer);
        depth == 0
    });
    start.unwrap_or(0)
}

/// The lines that are deleted and copied with line `index`: as [`unit`], and at the beginning of a path all of it.
pub(super) fn contents_at(layers: &[LayerSpec], index: usize) -> Range<usize> {
    if !is_path(&layers[index]) {
        return unit(layers, index);
    }
    let end = end_of(layers, index);
    let length = paths(&layers[index + 1..end]).next().map_or(0, <[_]>::len);
    index..index + 1 + length
}

/// The end of the innermost block of several paths around a line, or of the one that begins or ends there.
pub(super) fn end_of_paths(layers: &[LayerSpec], index: usize) -> Option<usize> {
    let mut line = index;
    loop {
        let start = start_of(layers, line);
        let contents = layers[start].kind().contents()?;
        if contents == Contents::Paths {
            return Some(end_of(layers, start));
        }
        line = start.checked_sub(1)?;
    }
}

/// What follows the beginning of a block of this kind that has no layers; nothing for a layer.
pub(super) fn closing(kind: &LayerKind) -> Vec<LayerSpec> {
    let lines: &[&'static LayerKind] = match kind.contents() {
        None => &[],
        Some(Contents::Layers) => &[&END],
        Some(Contents::Paths) => &[&PATH, &END],
    };
    lines
        .iter()
        .map(|kind| LayerSpec::with_defaults(kind))
        .collect()
}

/// These lines, with all of each block that is partly among them.
///
/// # Errors
/// Where they are of several paths of a block.
pub(super) fn whole(layers: &[LayerSpec], lines: Range<usize>) -> Result<Range<usize>, String> {
    let mut lines = lines;
    loop {
        let units = lines.clone().map(|line| unit(layers, line));
        let wider = units.fold(lines.clone(), |all, unit| {
            all.start.min(unit.start)..all.end.max(unit.end)
        });
        if wider == lines {
            break;
        }
        lines = wider;
    }
    let depths = depths(layers);
    let outside = depths[lines.start];
    let divides = |line: usize| is_path(&layers[line]) && depths[line] == outside;
    match lines.clone().any(divides) {
        true => Err("these rows are of several paths; choose rows of one path".to_owned()),
        false => Ok(lines),
    }
}

/// The lines that `moved` changes places with when it moves over the line beside it, `next`: that one alone, or for the beginning of a
/// path a whole block.
///
/// # Errors
/// Where the beginning of a path would leave its place among the paths.
pub(super) fn step(
    layers: &[LayerSpec],
    moved: &Range<usize>,
    next: usize,
) -> Result<Range<usize>, String> {
    if !is_path(&layers[moved.start]) {
        return Ok(next..next + 1);
    }
    let own = start_of(layers, moved.start)..end_of(layers, moved.start) + 1;
    let unit = unit(layers, next);
    match unit == own || is_path(&layers[next]) {
        true => Err("a path begins there already".to_owned()),
        false => Ok(unit),
    }
}

fn is_path(layer: &LayerSpec) -> bool {
    matches!(layer.kind().build, Build::Path)
}

/// The number of blocks that are open before each line; a block's beginning and end are outside it.
fn depths(layers: &[LayerSpec]) -> Vec<usize> {
    let mut depth = 0i32;
    layers
        .iter()
        .map(|layer| {
            let change = change_of_depth(layer);
            let before = depth + change.min(0);
            depth += change;
            usize::try_from(before).unwrap_or(0)
        })
        .collect()
}

fn change_of_depth(layer: &LayerSpec) -> i32 {
    match layer.kind().build {
        Build::Block(..) => 1,
        Build::End => -1,
        Build::Layer(_) | Build::Path => 0,
    }
}

/// Replaces the block that begins or ends in line `index` by its layers, one path after the other.
pub(super) fn unwrap(layers: &mut Vec<LayerSpec>, index: usize) {
    let block = unit(layers, index);
    let inside = layers[block.start + 1..block.end - 1].to_vec();
    let flat: Vec<LayerSpec> = paths(&inside).flatten().cloned().collect();
    layers.splice(block, flat);
}

/// The path of a line in a network file.
pub(super) fn path_of(layers: &[LayerSpec], line: usize) -> String {
    let mut numbers = vec!["layers".to_owned()];
    // Of each list around the line: how many items have begun, and the number of the path, if it is one of several.
    let mut counts = vec![0];
    for (index, layer) in layers.iter().enumerate().take(line + 1) {
        match layer.kind().build {
            Build::Path => {
                let path = numbers.pop().and_then(|last| last.parse::<usize>().ok());
                numbers.push((path.unwrap_or(1) + 1).to_string());
                *counts.last_mut().expect("a path is inside a block") = 0;
            }
            Build::End => {
                counts.pop();
                let inner = match layers[start_of(layers, index)].kind().contents() {
                    Some(Contents::Paths) => 4,
                    _ => 3,
                };
                numbers.truncate(numbers.len().saturating_sub(inner));
            }
            Build::Layer(_) | Build::Block(..) => {
                *counts
                    .last_mut()
                    .expect("the list of the network has begun") += 1;
            }
        }
        if let (Build::Block(contents, _), true) = (&layer.kind().build, index < line) {
            let count = counts.last().copied().unwrap_or(0);
            numbers.push(count.to_string());
            numbers.extend([layer.kind().name, contents.key()].map(str::to_owned));
            if *contents == Contents::Paths {
                numbers.push("1".to_owned());
            }
            counts.push(0);
        }
    }
    let last = counts.last().copied().unwrap_or(0);
    if matches!(
        layers[line].kind().build,
        Build::Layer(_) | Build::Block(..)
    ) {
        numbers.push(last.to_string());
    }
    numbers.join(".")
}

/// The number of layers and blocks whose lines are before that of this line's own; a path and an end are their block's.
pub(super) fn item_of(layers: &[LayerSpec], line: usize) -> usize {
    let own = match layers[line].kind().build {
        Build::Layer(_) | Build::Block(..) => line,
        Build::Path | Build::End => start_of(layers, line),
    };
    let is_item =
        |layer: &&LayerSpec| matches!(layer.kind().build, Build::Layer(_) | Build::Block(..));
    layers[..own].iter().filter(is_item).count()
}
