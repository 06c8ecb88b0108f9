//! The list of layers as YAML: blocks hold their layers, to any depth, where the list itself has a line for their beginning, for each
//! further path and for their end.

use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserializer, Serialize, Serializer};

use super::lines::{Item, items, paths};
use super::spec::LayerSpec;
use crate::field::{FieldsRead, FieldsSeed, Kind, ends_here, kind_named};
use crate::layers::{Contents, END, LayerKind, PATH};

/// Writes the list; for serde's attribute `with`.
pub fn serialize<S: Serializer>(layers: &[LayerSpec], serializer: S) -> Result<S::Ok, S::Error> {
    let items: Vec<Item<'_>> = items(layers).collect();
    let mut list = serializer.serialize_seq(Some(items.len()))?;
    for item in items {
        list.serialize_element(&Nested(item))?;
    }
    list.end()
}

/// Reads the list; for serde's attribute `with`.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LayerSpec>, D::Error> {
    let mut layers = Vec::new();
    deserializer.deserialize_seq(ListReader(&mut layers))?;
    Ok(layers)
}

struct List<'a>(&'a [LayerSpec]);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self.0, serializer)
    }
}

struct Nested<'a>(Item<'a>);

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Item { first, inside } = self.0;
        let Some(contents) = first.kind().contents() else {
            return first.serialize(serializer);
        };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(
            first.kind().name,
            &Body {
                first,
                inside,
                contents,
            },
        )?;
        map.end()
    }
}

struct Body<'a> {
    first: &'a LayerSpec,
    inside: &'a [LayerSpec],
    contents: Contents,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, value) in self.first.fields() {
            map.serialize_entry(field.name, value)?;
        }
        let key = self.contents.key();
        match self.contents {
            Contents::Layers => map.serialize_entry(key, &List(self.inside))?,
            Contents::Paths => {
                let paths: Vec<List<'_>> = paths(self.inside).map(List).collect();
                map.serialize_entry(key, &paths)?;
            }
        }
        map.end()
    }
}

/// Reads a list of layers to the end of those that it has.
struct ListReader<'a>(&'a mut Vec<LayerSpec>);

impl<'de> DeserializeSeed<'de> for ListReader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ListReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of layers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(ItemReader(self.0))?.is_some() {}
        Ok(())
    }
}

/// Reads a list of lists of layers, with a line between two of them.
struct PathsReader<'a>(&'a mut Vec<LayerSpec>);

impl<'de> DeserializeSeed<'de> for PathsReader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for PathsReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of paths, each a list of layers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let start = self.0.len();
        while list.next_element_seed(ListReader(self.0))?.is_some() {
            self.0.push(LayerSpec::with_defaults(&PATH));
        }
        // The line after the last path.
        if self.0.len() > start {
            self.0.pop();
        }
        Ok(())
    }
}

/// Reads a layer or a block.
struct ItemReader<'a>(&'a mut Vec<LayerSpec>);

impl<'de> DeserializeSeed<'de> for ItemReader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ItemReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a {}: its name, or `name: {{field: value, …}}`",
            LayerKind::NOUN
        )
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<(), E> {
        let kind = kind_named::<LayerKind, E>(name)?;
        match kind.contents() {
            Some(contents) => Err(empty(kind, contents)),
            None => {
                self.0.push(FieldsRead::new(kind).finish()?);
                Ok(())
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let name: String = map
            .next_key()?
            .ok_or_else(|| de::Error::custom("a layer has no name"))?;
        let kind = kind_named::<LayerKind, _>(&name)?;
        match kind.contents() {
            Some(contents) => map.next_value_seed(BlockReader {
                kind,
                contents,
                layers: self.0,
            })?,
            None => self.0.push(map.next_value_seed(FieldsSeed(kind))?),
        }
        ends_here::<LayerKind, _>(&name, &mut map)
    }
}

/// Reads the fields and the layers of a block.
struct BlockReader<'a> {
    kind: &'static LayerKind,
    contents: Contents,
    layers: &'a mut Vec<LayerSpec>,
}

impl<'de> DeserializeSeed<'de> for BlockReader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for BlockReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the fields of {} and its {}",
            self.kind.name,
            self.contents.key()
        )
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Err(empty(self.kind, self.contents))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let key_of_contents = self.contents.key();
        let start = self.layers.len();
        self.layers.push(LayerSpec::with_defaults(self.kind));
        let mut fields = FieldsRead::new(self.kind);
        let mut has_contents = false;
        while let Some(key) = map.next_key::<String>()? {
            if key != key_of_contents {
                fields.read(&key, Some(key_of_contents), &mut map)?;
                continue;
            }
            if has_contents {
                return Err(de::Error::custom(format!("duplicate key `{key}`")));
            }
            has_contents = true;
            match self.contents {
                Contents::Layers => map.next_value_seed(ListReader(self.layers))?,
                Contents::Paths => map.next_value_seed(PathsReader(self.layers))?,
            }
        }
        if !has_contents {
            return Err(empty(self.kind, self.contents));
        }
        self.layers[start] = fields.finish()?;
        self.layers.push(LayerSpec::with_defaults(&END));
        Ok(())
    }
}

fn empty<E: de::Error>(kind: &LayerKind, contents: Contents) -> E {
    let (name, key) = (kind.name, contents.key());
    let example = match contents {
        Contents::Layers => "[relu]",
        Contents::Paths => "[[relu], []]",
    };
    E::custom(format!(
        "{name} has no `{key}`: write `{name}: {{{key}: {example}}}`"
    ))
}
