//! The builder's document: a network, legal or not, that is edited step by step, with undo and redo of everything.

use std::collections::VecDeque;
use std::sync::Arc;

use super::checked::layer_names;
use super::mend::{MendPlan, mend_plan};
use super::spec::{LayerSpec, NetworkSpec};
use super::summary::NetworkSummary;
use crate::field::{FieldProblem, TextProblem, Value};

/// Edits that can be undone; older ones are forgotten.
pub const MOST_UNDO: usize = 1000;

/// A network while it is edited.
///
/// The network need not fit together; [`summary`](Self::summary) says where it does not. An edit that cannot be done changes
/// nothing and says why.
#[derive(Clone, Debug)]
pub struct NetworkEditor {
    now: Document,
    summary: NetworkSummary,
    /// The last one last.
    past: VecDeque<Edit>,
    /// The next one last.
    future: Vec<Edit>,
}

#[derive(Clone, Debug, PartialEq)]
struct Document {
    spec: NetworkSpec,
    /// The text from which the network came, with its comments and what else it says.
    source: Option<Arc<str>>,
}

/// A step, and the document on its other side.
#[derive(Clone, Debug)]
struct Edit {
    name: String,
    other: Document,
}

/// Why an edit cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum EditProblem {
    #[error("there is no layer {}: the network has {count}", index + 1)]
    NoLayer { index: usize, count: usize },
    #[error(transparent)]
    Field(#[from] FieldProblem),
    #[error("{name} is the {end} layer already")]
    AtEnd { name: String, end: &'static str },
    #[error(transparent)]
    Text(#[from] TextProblem),
}

impl NetworkEditor {
    /// Begins with a network, and the text it was read from, if any: [`text`](Self::text) keeps what that says besides the network.
    pub fn new(spec: NetworkSpec, source: Option<&str>) -> Self {
        Self {
            summary: NetworkSummary::new(&spec),
            now: Document {
                spec,
                source: source.map(Arc::from),
            },
            past: VecDeque::new(),
            future: Vec::new(),
        }
    }

    /// The network as it is edited.
    pub fn spec(&self) -> &NetworkSpec {
        &self.now.spec
    }

    /// The network as a table, with what does not fit.
    pub fn summary(&self) -> &NetworkSummary {
        &self.summary
    }

    /// The network as text: the text it came from, comments included, with the edits since written into it.
    pub fn text(&self) -> String {
        match &self.now.source {
            Some(source) => self.now.spec.write_into(source),
            None => self.now.spec.to_text(),
        }
    }

    /// Puts a layer before the one that has `index` now; `index` may be the number of layers.
    pub fn insert(&mut self, index: usize, layer: LayerSpec) -> Result<(), EditProblem> {
        let name = format!("add {}", layer.kind().name);
        let spec = self.with_inserted(index, layer)?;
        self.change(name, spec);
        Ok(())
    }

    /// What [`insert`](Self::insert) would give.
    pub fn preview_insert(
        &self,
        index: usize,
        layer: LayerSpec,
    ) -> Result<NetworkSummary, EditProblem> {
        self.with_inserted(index, layer)
            .map(|spec| NetworkSummary::new(&spec))
    }

    /// Sets one field of a layer to what was written.
    pub fn set_field(
        &mut self,
        index: usize,
        field: &str,
        written: &Value,
    ) -> Result<(), EditProblem> {
        let layer = self.with_field(index, field, written)?;
        let name = format!(
            "set {field} of {} to {}",
            self.name_of(index),
            layer.value(field)
        );
        self.change(name, self.with_layer(index, layer)?);
        Ok(())
    }

    /// What [`set_field`](Self::set_field) would give.
    pub fn preview_field(
        &self,
        index: usize,
        field: &str,
        written: &Value,
    ) -> Result<NetworkSummary, EditProblem> {
        let layer = self.with_field(index, field, written)?;
        self.preview_layer(index, layer)
    }

    /// Puts another layer in a layer's place, as a form with several fields does.
    pub fn set_layer(&mut self, index: usize, layer: LayerSpec) -> Result<(), EditProblem> {
        let spec = self.with_layer(index, layer)?;
        self.change(format!("edit {}", self.name_of(index)), spec);
        Ok(())
    }

    /// What [`set_layer`](Self::set_layer) would give.
    pub fn preview_layer(
        &self,
        index: usize,
        layer: LayerSpec,
    ) -> Result<NetworkSummary, EditProblem> {
        self.with_layer(index, layer)
            .map(|spec| NetworkSummary::new(&spec))
    }

    /// Takes a layer out.
    ///
    /// # Errors
    /// Where there is no such layer; nothing is changed then.
    pub fn delete(&mut self, index: usize) -> Result<(), EditProblem> {
        self.check(index)?;
        let mut spec = self.now.spec.clone();
        spec.layers.remove(index);
        self.change(format!("delete {}", self.name_of(index)), spec);
        Ok(())
    }

    /// Puts a copy of a layer behind it.
    pub fn duplicate(&mut self, index: usize) -> Result<(), EditProblem> {
        self.check(index)?;
        let mut spec = self.now.spec.clone();
        spec.layers.insert(index + 1, spec.layers[index].clone());
        self.change(format!("duplicate {}", self.name_of(index)), spec);
        Ok(())
    }

    /// Puts a layer before the one above it.
    ///
    /// # Errors
    /// Where there is no such layer, or it is the first one; nothing is changed then.
    pub fn move_up(&mut self, index: usize) -> Result<(), EditProblem> {
        self.check(index)?;
        match index.checked_sub(1) {
            Some(above) => self.swap(format!("move {} up", self.name_of(index)), above),
            None => return Err(self.at_end(index, "first")),
        }
        Ok(())
    }

    /// Puts a layer behind the one below it.
    ///
    /// # Errors
    /// Where there is no such layer, or it is the last one; nothing is changed then.
    pub fn move_down(&mut self, index: usize) -> Result<(), EditProblem> {
        self.check(index)?;
        if index + 1 == self.now.spec.layers.len() {
            return Err(self.at_end(index, "last"));
        }
        self.swap(format!("move {} down", self.name_of(index)), index);
        Ok(())
    }

    /// Starts over without a layer, for the same images and classes.
    pub fn new_network(&mut self, name: &str) {
        let spec = NetworkSpec {
            name: name.to_owned(),
            layers: Vec::new(),
            ..self.now.spec
        };
        self.replace("new network", spec, None);
    }

    /// Another network altogether, such as a preset's; `edit` is what undo calls it.
    pub fn replace(&mut self, edit: &str, spec: NetworkSpec, source: Option<&str>) {
        let document = Document {
            spec,
            source: source.map(Arc::from),
        };
        self.go_to(edit.to_owned(), document);
    }

    /// The network that a text describes, and nothing else with it.
    pub fn replace_by_text(&mut self, text: &str) -> Result<(), EditProblem> {
        let spec = NetworkSpec::parse(text)?;
        self.replace("edit the text", spec, Some(text));
        Ok(())
    }

    /// Another name, another shape of the images, or another number of classes: `edit` is what undo calls it.
    pub fn change_head(&mut self, edit: &str, change: impl FnOnce(&mut NetworkSpec)) {
        let mut spec = self.now.spec.clone();
        change(&mut spec);
        self.change(edit.to_owned(), spec);
    }

    /// What the next [`undo`](Self::undo) takes back.
    pub fn undo_name(&self) -> Option<&str> {
        self.past.back().map(|edit| edit.name.as_str())
    }

    /// What the next [`redo`](Self::redo) does again.
    pub fn redo_name(&self) -> Option<&str> {
        self.future.last().map(|edit| edit.name.as_str())
    }

    /// Takes the last edit back and returns its name; nothing where there is none.
    pub fn undo(&mut self) -> Option<String> {
        let edit = self.past.pop_back()?;
        let name = edit.name.clone();
        let back = self.show(edit);
        self.future.push(back);
        Some(name)
    }

    /// Does the edit again that was taken back last, and returns its name; nothing where there is none.
    pub fn redo(&mut self) -> Option<String> {
        let edit = self.future.pop()?;
        let name = edit.name.clone();
        let back = self.show(edit);
        self.past.push_back(back);
        Some(name)
    }

    /// How the first thing that does not fit can be mended, where that is known.
    pub fn mend_plan(&self) -> Option<MendPlan> {
        mend_plan(&self.now.spec)
    }

    /// Does what [`mend_plan`](Self::mend_plan) says, and returns it.
    pub fn mend(&mut self) -> Option<MendPlan> {
        let plan = self.mend_plan()?;
        self.change(plan.name.clone(), plan.spec.clone());
        Some(plan)
    }

    fn check(&self, index: usize) -> Result<(), EditProblem> {
        let count = self.now.spec.layers.len();
        if index < count {
            Ok(())
        } else {
            Err(EditProblem::NoLayer { index, count })
        }
    }

    /// As the table calls a layer: `conv2d_1`.
    fn name_of(&self, index: usize) -> String {
        layer_names(&self.now.spec.layers).swap_remove(index)
    }

    fn at_end(&self, index: usize, end: &'static str) -> EditProblem {
        EditProblem::AtEnd {
            name: self.name_of(index),
            end,
        }
    }

    fn with_inserted(&self, index: usize, layer: LayerSpec) -> Result<NetworkSpec, EditProblem> {
        let count = self.now.spec.layers.len();
        if index > count {
            return Err(EditProblem::NoLayer { index, count });
        }
        let mut spec = self.now.spec.clone();
        spec.layers.insert(index, layer);
        Ok(spec)
    }

    fn with_layer(&self, index: usize, layer: LayerSpec) -> Result<NetworkSpec, EditProblem> {
        self.check(index)?;
        let mut spec = self.now.spec.clone();
        spec.layers[index] = layer;
        Ok(spec)
    }

    fn with_field(
        &self,
        index: usize,
        field: &str,
        written: &Value,
    ) -> Result<LayerSpec, EditProblem> {
        self.check(index)?;
        let mut layer = self.now.spec.layers[index].clone();
        layer.set(field, written)?;
        Ok(layer)
    }

    fn swap(&mut self, name: String, above: usize) {
        let mut spec = self.now.spec.clone();
        spec.layers.swap(above, above + 1);
        self.change(name, spec);
    }

    /// Another network from the same text.
    fn change(&mut self, name: String, spec: NetworkSpec) {
        let source = self.now.source.clone();
        self.go_to(name, Document { spec, source });
    }

    /// An edit that changes nothing is none.
    fn go_to(&mut self, name: String, document: Document) {
        if document == self.now {
            return;
        }
        self.future.clear();
        let other = document;
        let back = self.show(Edit { name, other });
        self.past.push_back(back);
        if self.past.len() > MOST_UNDO {
            self.past.pop_front();
        }
    }

    /// Goes to the other side of an edit, and returns the way back.
    fn show(&mut self, edit: Edit) -> Edit {
        let other = std::mem::replace(&mut self.now, edit.other);
        self.summary = NetworkSummary::new(&self.now.spec);
        Edit {
            name: edit.name,
            other,
        }
    }
}
