//! A kind with a legal value for each of its fields, and how YAML writes it.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Field, FieldProblem, Inner, InnerMut, Kind, Plain, Setting, Value};

/// A kind with one legal value per field, in the order of its fields.
///
/// YAML writes it as the kind's name alone (`relu`), or as a map of one key (`max_pool2d: {size: 2}`).
pub struct Configured<K: Kind> {
    kind: &'static K,
    values: Vec<Value>,
}

impl<K: Kind> Configured<K> {
    /// The kind with every field at its default.
    pub fn with_defaults(kind: &'static K) -> Self {
        Self {
            kind,
            values: kind.fields().iter().map(Field::default).collect(),
        }
    }

    /// The kind as a form adds it: with the defaults, except for [proposed](Field::is_proposed) fields.
    pub fn proposed(kind: &'static K) -> Self {
        let value = |field: &Field| match field.is_proposed {
            true => bool::to_value(&true),
            false => field.default(),
        };
        Self {
            kind,
            values: kind.fields().iter().map(value).collect(),
        }
    }

    /// Its kind.
    pub fn kind(&self) -> &'static K {
        self.kind
    }

    /// One value per field, in the order of the kind's fields.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The value of the field called `name`.
    ///
    /// # Panics
    /// When the kind has no such field.
    pub fn value(&self, name: &str) -> &Value {
        let found = self.fields().find(|(field, _)| field.name == name);
        let (_, value) = found.unwrap_or_else(|| panic!("{} has no {name}", self.kind.name()));
        value
    }

    /// Each field with its value.
    pub fn fields(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        self.kind.fields().iter().zip(&self.values)
    }

    /// The notable fields: those that are required, and those that differ from their default.
    pub fn notable_fields(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        self.fields()
            .filter(|(field, value)| field.required || **value != field.default())
    }

    /// The fields that are written: all but [additions](Field::is_addition) at their default.
    fn written_fields(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        self.fields()
            .filter(|(field, value)| !field.is_addition || **value != field.default())
    }

    /// Its line in a file: `conv2d: {filters: 16, kernel: 3}`, without fields at their default.
    pub fn to_line(&self) -> String {
        let fields: Vec<_> = self
            .notable_fields()
            .map(|(field, value)| format!("{}: {value}", field.name))
            .collect();
        match fields.as_slice() {
            [] => self.kind.name().to_owned(),
            fields => format!("{}: {{{}}}", self.kind.name(), fields.join(", ")),
        }
    }

    /// Sets the field called `name` to the value `written`.
    ///
    /// # Errors
    /// If there is no such field, or it does not accept the value; the old value is kept.
    pub fn set(&mut self, name: &str, written: &Value) -> Result<(), FieldProblem> {
        let mut fields = self.kind.fields().iter().zip(&mut self.values);
        let Some((field, value)) = fields.find(|(field, _)| field.name == name) else {
            return Err(FieldProblem {
                field: self.kind.name(),
                expected: "one of its fields".to_owned(),
                got: name.to_owned(),
            });
        };
        *value = field.accept(written)?;
        Ok(())
    }
}

/// The kind is chosen, and its fields are the settings below.
impl<K: Kind> Setting for Configured<K> {
    fn initial(field: &Field) -> Self {
        let kind = K::named(field.default().choice());
        Self::with_defaults(kind.expect("the choices are the names of the list"))
    }

    fn value(&self) -> Option<Value> {
        Some(Value::Choice(self.kind.name()))
    }

    fn put(&mut self, value: Value) {
        // The same kind keeps its values.
        if let Some(kind) = K::named(value.choice())
            && !std::ptr::eq(kind, self.kind)
        {
            *self = Self::with_defaults(kind);
        }
    }

    fn inner(&self) -> Inner<'_> {
        let values = self.values.iter().map(|value| value as &dyn Setting);
        self.kind.fields().iter().zip(values).collect()
    }

    fn inner_mut(&mut self) -> InnerMut<'_> {
        let values = self.values.iter_mut();
        let values = values.map(|value| value as &mut dyn Setting);
        self.kind.fields().iter().zip(values).collect()
    }
}

impl<K: Kind> Clone for Configured<K> {
    fn clone(&self) -> Self {
        Self {
            kind: self.kind,
            values: self.values.clone(),
        }
    }
}

impl<K: Kind> PartialEq for Configured<K> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.kind, other.kind) && self.values == other.values
    }
}

/// Written as `conv2d(filters 16, kernel 3, stride 1, padding same)`.
impl<K: Kind> fmt::Display for Configured<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        for (index, (field, value)) in self.written_fields().enumerate() {
            let before = if index == 0 { "(" } else { ", " };
            write!(f, "{before}{} {value}", field.name)?;
        }
        let has_any = self.written_fields().next().is_some();
        f.write_str(if has_any { ")" } else { "" })
    }
}

impl<K: Kind> fmt::Debug for Configured<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: Kind> Serialize for Configured<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Fields<'a, K: Kind>(&'a Configured<K>);
        impl<K: Kind> Serialize for Fields<'_, K> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let fields = self.0.written_fields();
                serializer.collect_map(fields.map(|(field, value)| (field.name, value)))
            }
        }
        if self.written_fields().next().is_none() {
            return serializer.serialize_str(self.kind.name());
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.kind.name(), &Fields(self))?;
        map.end()
    }
}

impl<'de, K: Kind> Deserialize<'de> for Configured<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ConfiguredVisitor(PhantomData))
    }
}

struct ConfiguredVisitor<K>(PhantomData<K>);

impl<'de, K: Kind> Visitor<'de> for ConfiguredVisitor<K> {
    type Value = Configured<K>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {}: its name, or `name: {{field: value, …}}`", K::NOUN)
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Configured<K>, E> {
        let kind = kind_named(name)?;
        finish(kind, kind.fields().iter().map(|_| None).collect())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Configured<K>, A::Error> {
        let name: String = map
            .next_key()?
            .ok_or_else(|| de::Error::custom(format!("a {} has no name", K::NOUN)))?;
        let configured = map.next_value_seed(FieldsSeed(kind_named::<K, _>(&name)?))?;
        ends_here::<K, _>(&name, &mut map)?;
        Ok(configured)
    }
}

/// Refuses a second item in the same map.
pub(crate) fn ends_here<'de, K: Kind, A: MapAccess<'de>>(
    name: &str,
    map: &mut A,
) -> Result<(), A::Error> {
    match map.next_key::<String>()? {
        None => Ok(()),
        Some(second) => Err(de::Error::custom(format!(
            "`{second}` and `{name}` are in one item: start each {} with `- `",
            K::NOUN
        ))),
    }
}

/// Reads the fields of a known kind.
pub(crate) struct FieldsSeed<K: Kind>(pub(crate) &'static K);

impl<'de, K: Kind> de::DeserializeSeed<'de> for FieldsSeed<K> {
    type Value = Configured<K>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, K: Kind> Visitor<'de> for FieldsSeed<K> {
    type Value = Configured<K>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fields of {}: {{", self.0.name())?;
        for (index, field) in self.0.fields().iter().enumerate() {
            let before = if index == 0 { "" } else { ", " };
            write!(f, "{before}{}: …", field.name)?;
        }
        f.write_str("}")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Configured<K>, E> {
        finish(self.0, self.0.fields().iter().map(|_| None).collect())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Configured<K>, A::Error> {
        let mut fields = FieldsRead::new(self.0);
        while let Some(key) = map.next_key::<String>()? {
            fields.read(&key, None, &mut map)?;
        }
        fields.finish()
    }
}

/// The fields of a kind, as far as they have been read.
pub(crate) struct FieldsRead<K: Kind> {
    kind: &'static K,
    values: Vec<Option<Value>>,
}

impl<K: Kind> FieldsRead<K> {
    pub(crate) fn new(kind: &'static K) -> Self {
        Self {
            kind,
            values: vec![None; kind.fields().len()],
        }
    }

    /// Reads the value of the field `key`; `other` is a key that is not a field, for the message.
    pub(crate) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        other: Option<&'static str>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let fields = self.kind.fields();
        let Some(index) = fields.iter().position(|field| field.name == key) else {
            let known = fields.iter().map(|field| field.name);
            return Err(unknown(key, known.chain(other)));
        };
        if self.values[index].is_some() {
            return Err(de::Error::custom(format!("duplicate key `{key}`")));
        }
        let field = &fields[index];
        let written = map
            .next_value::<Value>()
            .map_err(|_| de::Error::custom(format!("{key}: expected {}", field.kind)))?;
        // As on the command line and in a sweep.
        let written = match field.optional && written.as_number() == Some(0.0) {
            true => Value::Off,
            false => written,
        };
        self.values[index] = Some(field.accept(&written).map_err(de::Error::custom)?);
        Ok(())
    }

    /// Fills in the defaults.
    pub(crate) fn finish<E: de::Error>(self) -> Result<Configured<K>, E> {
        finish(self.kind, self.values)
    }
}

/// Fills in the defaults.
fn finish<K: Kind, E: de::Error>(
    kind: &'static K,
    values: Vec<Option<Value>>,
) -> Result<Configured<K>, E> {
    let values = kind
        .fields()
        .iter()
        .zip(values)
        .map(|(field, value)| match value {
            None if field.required => Err(E::custom(format!(
                "{} has no `{}`: add `{}: {{{}: {}}}` or another value ({})",
                kind.name(),
                field.name,
                kind.name(),
                field.name,
                field.default(),
                field.kind
            ))),
            value => Ok(value.unwrap_or_else(|| field.default())),
        })
        .collect::<Result<_, E>>()?;
    Ok(Configured { kind, values })
}

pub(crate) fn kind_named<K: Kind, E: de::Error>(name: &str) -> Result<&'static K, E> {
    K::named(name).ok_or_else(|| unknown(name, K::all().iter().map(|kind| kind.name())))
}

/// Serde's own message for an unknown field, to which the nearest known name is added elsewhere.
fn unknown<E: de::Error>(name: &str, known: impl Iterator<Item = &'static str>) -> E {
    let known: Vec<_> = known.map(|name| format!("`{name}`")).collect();
    E::custom(format!(
        "unknown field `{name}`, expected one of {}",
        known.join(", ")
    ))
}
