//! Conditions: a varied setting that is set only where others have certain values.

use std::sync::Arc;

use serde_yaml::Value as Yaml;

use super::values::{self, Text};

/// For each varied setting by its number, which others must have one of which values.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions(Vec<Vec<(usize, Vec<Text>)>>);

impl Conditions {
    /// None, for so many varied settings.
    pub fn none(settings: usize) -> Self {
        Self(vec![Vec::new(); settings])
    }

    /// Adds `{other: value}` or `{other: [value, value]}` as the condition of `path`.
    ///
    /// # Errors
    /// If either is not varied, or the other one comes later.
    pub fn add(&mut self, varied: &[&str], path: &str, written: &Yaml) -> Result<(), String> {
        let number_of = |path: &str| {
            varied.iter().position(|one| *one == path).ok_or_else(|| {
                format!("`{path}` is not varied; conditions are about settings under `vary:`")
            })
        };
        let number = number_of(path)?;
        let Yaml::Mapping(others) = written else {
            return Err("expected {OTHER: value} or {OTHER: [value, value]}".to_owned());
        };
        for (other, wanted) in others {
            let other = other.as_str().unwrap_or_default();
            let at = number_of(other)?;
            if at >= number {
                return Err(format!(
                    "depends on `{other}`, which is set later; list `{other}` above it under `vary:`"
                ));
            }
            let wanted: Vec<Text> = match wanted {
                Yaml::Sequence(items) => {
                    items.iter().map(values::text).collect::<Result<_, _>>()?
                }
                one => vec![values::text(one)?],
            };
            if wanted.is_empty() {
                return Err(format!("`{other}`: expected at least one value"));
            }
            self.0[number].push((at, wanted));
        }
        Ok(())
    }

    /// Whether setting `number` is set where those before it have these values; `None` is one that is not set.
    pub fn are_met(&self, number: usize, before: &[Option<Text>]) -> bool {
        self.0[number].iter().all(|(other, wanted)| {
            before[*other]
                .as_ref()
                .is_some_and(|value| wanted.contains(value))
        })
    }

    /// Values of other settings with which setting `number` is set, in their order.
    pub fn first_met(&self, number: usize) -> Vec<(usize, Text)> {
        let mut needed = Vec::new();
        for (other, wanted) in &self.0[number] {
            needed.extend(self.first_met(*other));
            needed.push((*other, Arc::clone(&wanted[0])));
        }
        needed.sort_by_key(|(other, _)| *other);
        needed
    }

    /// A value that a condition asks for and its setting never has: the path of the condition's setting, the other's number, the value.
    pub fn never_met(
        &self,
        values: impl Fn(usize) -> Option<Vec<Text>>,
    ) -> Option<(usize, usize, Text)> {
        for (number, conditions) in self.0.iter().enumerate() {
            for (other, wanted) in conditions {
                let Some(all) = values(*other) else { continue };
                if let Some(never) = wanted.iter().find(|wanted| !all.contains(wanted)) {
                    return Some((number, *other, Arc::clone(never)));
                }
            }
        }
        None
    }
}
