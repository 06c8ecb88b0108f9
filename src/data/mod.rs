//! Signatures only, until the data module is merged.
mod summary;
use crate::shape::Shape;
pub use summary::{DatasetSummary, SplitName};
pub struct Dataset {
    pub name: String,
    pub class_names: Vec<String>,
    pub train: Split,
    pub test: Split,
}
pub struct Split {
    pub shape: Shape,
    pub labels: Vec<u16>,
}
impl Split {
    pub fn len(&self) -> usize {
        self.labels.len()
    }
    pub fn gather(&self, _: &[u32], _: &mut [f32]) {
        unimplemented!()
    }
}
