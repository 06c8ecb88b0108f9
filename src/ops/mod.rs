//! Signatures only, until the engine is merged.
use crate::shape::{Shape, Window};

#[derive(Clone, Debug)]
pub struct Vector(Vec<f32>);
pub fn vector(values: Vec<f32>) -> Vector {
    Vector(values)
}
pub fn values(vector: &Vector) -> &[f32] {
    &vector.0
}
pub fn values_mut(vector: &mut Vector) -> &mut [f32] {
    &mut vector.0
}
pub struct Flow {
    shape: Shape,
    values: Vec<f32>,
}
impl Flow {
    pub fn inference(values: Vec<f32>, shape: Shape) -> Self {
        Self { shape, values }
    }
    pub fn training(values: Vec<f32>, shape: Shape) -> Self {
        Self { shape, values }
    }
    pub fn shape(&self) -> Shape {
        self.shape
    }
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}
pub struct Loss {
    pub mean: f32,
    pub correct: usize,
}
pub struct ParameterGradients;
impl ParameterGradients {
    pub fn of(&mut self, _: &Vector) -> &[f32] {
        unimplemented!()
    }
}
impl Loss {
    pub fn backward(self) -> ParameterGradients {
        unimplemented!()
    }
}
pub fn conv2d(_: Flow, _: Window, _: usize, _: &Vector, _: &Vector) -> Flow {
    unimplemented!()
}
pub fn dense(_: Flow, _: usize, _: &Vector, _: &Vector) -> Flow {
    unimplemented!()
}
pub fn relu(_: Flow) -> Flow {
    unimplemented!()
}
pub fn flatten(_: Flow) -> Flow {
    unimplemented!()
}
pub fn max_pool2d(_: Flow, _: usize) -> Flow {
    unimplemented!()
}
pub fn dropout(_: Flow, _: f32, _: u64) -> Flow {
    unimplemented!()
}
pub fn batch_norm_training(
    _: Flow,
    _: &Vector,
    _: &Vector,
    _: &mut Vector,
    _: &mut Vector,
    _: f32,
    _: f32,
) -> Flow {
    unimplemented!()
}
pub fn batch_norm_inference(
    _: Flow,
    _: &Vector,
    _: &Vector,
    _: &Vector,
    _: &Vector,
    _: f32,
) -> Flow {
    unimplemented!()
}
pub fn softmax(_: Flow) -> Flow {
    unimplemented!()
}
pub fn softmax_cross_entropy(_: Flow, _: &[u16]) -> Loss {
    unimplemented!()
}
