//! Networks as YAML text, and back; also a network written into a text with more than the network, keeping its comments.

use std::ops::Range;

use serde::Deserialize;
use serde_yaml::{Mapping, Value};

use super::alignment::align;
use super::lines::{Item, items, paths, unit};
use super::spec::{LayerSpec, NetworkSpec};
use crate::layers::Contents;
use crate::shape::Shape;

/// Reads a network from a text that may hold more.
#[derive(Deserialize)]
#[serde(remote = "NetworkSpec")]
struct NetworkPart {
    name: String,
    input: Shape,
    classes: usize,
    #[serde(with = "super::nested")]
    layers: Vec<LayerSpec>,
}

fn network_in(text: &str) -> Option<NetworkSpec> {
    NetworkPart::deserialize(serde_yaml::Deserializer::from_str(text)).ok()
}

impl NetworkSpec {
    /// The network as a person would write it: one line per layer, without fields that hold their default.
    pub fn to_text(&self) -> String {
        [Key::Name, Key::Input, Key::Classes, Key::Layers]
            .map(|key| self.lines_of(key))
            .concat()
    }

    /// `text`, a network or a preset, with its network replaced by this one. Comments are kept, and so is every line of the network
    /// that is already right; where the text cannot be edited line by line, the comments are lost.
    pub fn write_into(&self, text: &str) -> String {
        let Some(old) = network_in(text) else {
            return self.to_text();
        };
        let mut written = text.to_owned();
        let same = [
            (Key::Name, old.name == self.name),
            (Key::Input, old.input == self.input),
            (Key::Classes, old.classes == self.classes),
            (Key::Layers, old.layers == self.layers),
        ];
        for (key, _) in same.into_iter().filter(|(_, same)| !same) {
            let lines: Vec<&str> = written.split_inclusive('\n').collect();
            let Some(block) = find_block(&lines, key) else {
                return self.write_into_values(text);
            };
            let before = lines[..block.start].concat();
            let new = match key {
                Key::Layers => self.mend_layers(&old.layers, &lines[block.clone()]),
                key => self.lines_of(key),
            };
            written = before + &new + &lines[block.end..].concat();
        }
        if self.is_all_that_differs(text, &written) {
            written
        } else {
            self.write_into_values(text)
        }
    }

    /// The lines of one key.
    fn lines_of(&self, key: Key) -> String {
        let value = match key {
            Key::Name => {
                let name = serde_yaml::to_string(&self.name);
                name.expect("a text can be written")
            }
            Key::Input => format!("{:?}\n", <[usize; 3]>::from(self.input)),
            Key::Classes => format!("{}\n", self.classes),
            Key::Layers if self.layers.is_empty() => "[]\n".to_owned(),
            Key::Layers => {
                return "layers:\n".to_owned() + &layer_lines("  ", &self.layers);
            }
        };
        format!("{}: {value}", key.name())
    }

    /// The lines of the key `layers`, where those of `old` are `lines`.
    fn mend_layers(&self, old: &[LayerSpec], lines: &[&str]) -> String {
        if self.layers.is_empty() {
            return self.lines_of(Key::Layers);
        }
        let (old, new) = (outermost(old), outermost(&self.layers));
        let Some(items) = split_items(lines, old.len()) else {
            return self.lines_of(Key::Layers);
        };
        let [Some(first), Some(last)] = [items.first(), items.last()] else {
            return self.lines_of(Key::Layers);
        };
        let dash = lines[first.clone()].iter().find(|line| is_item(line));
        let indent = dash.map_or("  ", |line| &line[..indent_of(line)]);
        let places = align(old.len(), new.len(), |i, j| old[i] == new[j]);
        let mut text = lines[..first.start].concat();
        for (layer, place) in new.into_iter().zip(places) {
            match place {
                Some(place) => {
                    text += &lines[items[place].clone()].concat();
                    if !text.ends_with('\n') {
                        text.push('\n');
                    }
                }
                None => text += &layer_lines(indent, layer),
            }
        }
        text + &lines[last.end..].concat()
    }

    /// Whether `new` holds this network and otherwise the same values as `old`.
    fn is_all_that_differs(&self, old: &str, new: &str) -> bool {
        let rest = |text| {
            let mut values: Mapping = serde_yaml::from_str(text).unwrap_or_default();
            values.retain(|key, _| Key::ALL.iter().all(|known| key != known.name()));
            values
        };
        network_in(new).as_ref() == Some(self) && rest(old) == rest(new)
    }

    /// As [`write_into`](Self::write_into), by values: comments are lost.
    fn write_into_values(&self, text: &str) -> String {
        let own: Mapping = serde_yaml::from_str(&self.to_text()).expect("it was written just now");
        let Ok(Value::Mapping(mut values)) = serde_yaml::from_str(text) else {
            return self.to_text();
        };
        for (key, value) in own {
            values.insert(key, value);
        }
        serde_yaml::to_string(&values).unwrap_or_else(|_| self.to_text())
    }
}

/// A key of a network file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Name,
    Input,
    Classes,
    Layers,
}

impl Key {
    const ALL: [Self; 4] = [Self::Name, Self::Input, Self::Classes, Self::Layers];

    const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Input => "input",
            Self::Classes => "classes",
            Self::Layers => "layers",
        }
    }
}

/// The lines of these layers and blocks; what is inside a block is indented under it.
fn layer_lines(indent: &str, layers: &[LayerSpec]) -> String {
    let deeper = format!("{indent}      ");
    let item = |Item { first, inside }: Item<'_>| {
        let Some(contents) = first.kind().contents() else {
            return format!("{indent}- {}\n", first.to_line());
        };
        let mut text = format!("{indent}- {}:\n", first.kind().name);
        for (field, value) in first.notable_fields() {
            text += &format!("{indent}    {}: {value}\n", field.name);
        }
        text += &format!("{indent}    {}:", contents.key());
        match contents {
            Contents::Layers if inside.is_empty() => text += " []\n",
            Contents::Layers => {
                text.push('\n');
                text += &layer_lines(&deeper, inside);
            }
            Contents::Paths => {
                text.push('\n');
                for (path, number) in paths(inside).zip(1..) {
                    text += &match path.is_empty() {
                        true => format!("{deeper}- [] # path {number}\n"),
                        false => {
                            let layers = layer_lines(&format!("{deeper}  "), path);
                            format!("{deeper}- # path {number}\n{layers}")
                        }
                    };
                }
            }
        }
        text
    };
    items(layers).map(item).collect()
}

/// The lines of each layer and block of a list, without those inside the blocks as items of their own.
fn outermost(layers: &[LayerSpec]) -> Vec<&[LayerSpec]> {
    let mut rest = layers;
    let mut all = Vec::new();
    while !rest.is_empty() {
        let (item, others) = rest.split_at(unit(rest, 0).end);
        all.push(item);
        rest = others;
    }
    all
}

fn is_comment_or_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

fn is_item(line: &str) -> bool {
    let line = line.trim();
    line == "-" || line.starts_with("- ")
}

/// The lines of a key of the outermost mapping, up to the comments that belong to the next one.
fn find_block(lines: &[&str], key: Key) -> Option<Range<usize>> {
    let start = lines.iter().position(|line| {
        line.strip_prefix(key.name())
            .is_some_and(|rest| rest.trim_start().starts_with(':'))
    })?;
    let inside = |line: &&&str| {
        let first = line.chars().next().unwrap_or('\n');
        first.is_whitespace() || first == '#' || is_item(line)
    };
    let mut end = start + 1 + lines[start + 1..].iter().take_while(inside).count();
    while end > start + 1 {
        let line = lines[end - 1];
        let stays = key == Key::Layers && line.starts_with([' ', '\t']) && !line.trim().is_empty();
        if stays || !is_comment_or_blank(line) {
            break;
        }
        end -= 1;
    }
    Some(start..end)
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The lines of each of `count` items, each with the comments above it; nothing where the block, which begins with its key, is not
/// written as one item after the other.
fn split_items(lines: &[&str], count: usize) -> Option<Vec<Range<usize>>> {
    let header = lines.first()?.split_once(':')?.1;
    if !is_comment_or_blank(header) {
        return None;
    }
    let first = lines.iter().skip(1).find(|line| is_item(line))?;
    let indent = indent_of(first);
    let starts: Vec<usize> = (1..lines.len())
        .filter(|index| is_item(lines[*index]) && indent_of(lines[*index]) == indent)
        .collect();
    if starts.len() != count {
        return None;
    }
    // Comments above an item go with it.
    let begin = |item: usize| {
        let above = if item == 0 { 1 } else { starts[item - 1] + 1 };
        let comments = lines[above..starts[item]].iter().rev();
        starts[item]
            - comments
                .take_while(|line| is_comment_or_blank(line))
                .count()
    };
    let mut items: Vec<Range<usize>> = (0..count)
        .map(|item| {
            let end = if item + 1 < count {
                begin(item + 1)
            } else {
                lines.len()
            };
            begin(item)..end
        })
        .collect();
    if let Some(last) = items.last_mut() {
        while last.end > last.start + 1 && is_comment_or_blank(lines[last.end - 1]) {
            last.end -= 1;
        }
    }
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::TextProblem;

    const PRESET: &str = "\
# My preset.
name: mine # a name
description: with comments
input: [28, 28, 1]
classes: 10

# The layers.
layers: # from the top
  # finds edges
  - conv2d: {filters: 8, kernel: 3} # small
  - relu
  - max_pool2d:
      size: 2 # halves
  # to a vector
  - flatten
  - dense: {units: 16, activation: relu}
  - classify
  # the end

# How it is trained.
training:
  epochs: 3 # few
seed: 7
";

    fn network() -> NetworkSpec {
        network_in(PRESET).unwrap()
    }

    fn parse(text: &str) -> Result<NetworkSpec, TextProblem> {
        serde_yaml::from_str(text).map_err(|error| TextProblem::new(text, &error))
    }

    fn layer(text: &str) -> LayerSpec {
        serde_yaml::from_str(text).unwrap()
    }

    #[test]
    fn an_untouched_network_leaves_every_byte() {
        assert_eq!(network().write_into(PRESET), PRESET);
    }

    #[test]
    fn an_edit_changes_its_own_line_only() {
        let mut spec = network();
        spec.layers[4] = layer("dense: {units: 32, activation: relu}");
        let expected = PRESET.replace("units: 16", "units: 32");
        assert_eq!(spec.write_into(PRESET), expected);

        spec.layers.insert(2, layer("dropout: {rate: 0.25}"));
        let expected = expected.replace("  - relu\n", "  - relu\n  - dropout: {rate: 0.25}\n");
        assert_eq!(spec.write_into(PRESET), expected);

        spec.layers.remove(3);
        let expected = expected.replace("  - max_pool2d:\n      size: 2 # halves\n", "");
        assert_eq!(spec.write_into(PRESET), expected);

        spec.classes = 26;
        let expected = expected.replace("classes: 10", "classes: 26");
        assert_eq!(spec.write_into(PRESET), expected);
    }

    #[test]
    fn layers_may_all_go_and_come_back() {
        let mut spec = network();
        let layers = std::mem::take(&mut spec.layers);
        let empty = spec.write_into(PRESET);
        assert!(empty.contains("\nlayers: []\n"), "{empty}");
        assert!(empty.contains("\n# How it is trained.\ntraining:\n  epochs: 3 # few\n"));
        spec.layers = layers;
        let back = spec.write_into(&empty);
        assert_eq!(network_in(&back).unwrap().layers, spec.layers);
    }

    #[test]
    fn unusual_ways_of_writing_lose_comments_and_nothing_else() {
        let mut spec = network();
        spec.layers.remove(1);
        let texts = [
            "{name: mine, input: [28, 28, 1], classes: 10, layers: [relu, classify], seed: 3}",
            "\"name\": mine\n\"input\": [28, 28, 1]\n\"classes\": 10\n\"layers\": [relu]\nseed: 3\n",
            "name: mine\ninput: [28, 28, 1]\nclasses: 10\nlayers: [relu,\n  classify]\nseed: 3 # kept\n",
            "name: mine\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n- relu\n- classify\nseed: 3\n",
        ];
        for text in texts {
            let written = spec.write_into(text);
            assert!(spec.is_all_that_differs(text, &written), "{written}");
        }
        let kept = spec.write_into(texts[2]);
        assert!(kept.ends_with("seed: 3 # kept\n"), "{kept}");
        assert_eq!(spec.write_into("no network"), spec.to_text());
    }

    #[test]
    fn text_and_network_are_one() {
        let spec = network();
        let text = spec.to_text();
        assert_eq!(
            text,
            "name: mine\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - conv2d: {filters: 8, kernel: 3}\n  - relu\n  - max_pool2d: {size: 2}\n  - flatten\n  - dense: {units: 16, activation: relu}\n  - classify\n"
        );
        assert_eq!(parse(&text), Ok(spec));
        for name in ["yes", "a: b", "# no", "- x", "two\nlines", "", "1e3", "'"] {
            let spec = NetworkSpec {
                name: name.to_owned(),
                ..network()
            };
            assert_eq!(parse(&spec.to_text()), Ok(spec));
        }
    }

    #[test]
    fn problems_name_the_line() {
        let text = network().to_text();
        let problem = parse(&text.replace("units", "unit")).unwrap_err();
        assert_eq!(problem.line, Some(9));
        assert_eq!(
            problem.reason,
            "line 9: unknown key `unit`; the nearest known one is `units`"
        );
        let problem = parse(&text.replace("classes", "clases")).unwrap_err();
        assert_eq!(problem.line, Some(3));
        let problem = parse(&text.replace("size: 2", "size: 0")).unwrap_err();
        assert_eq!(problem.line, Some(7));
        let problem = parse(&(text + "seed: 3\n")).unwrap_err();
        assert_eq!(problem.line, Some(11));
    }
}
