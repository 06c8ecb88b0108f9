//! Where a layer's maps show the class.

use super::{ExplainError, Explanation, MethodKind, Question};
use crate::analysis::resample::resample;
use crate::field::{Field, Settings, settings};
use crate::network::{CheckedNetwork, Model};
use crate::ops::{self, Activation, Flow};
use crate::shape::Shape;
use crate::wording::counted;

/// Source: Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra 2017, "Grad-CAM: Visual Explanations from Deep Networks via
/// Gradient-based Localization", equations 1 and 2.
pub static KIND: MethodKind = MethodKind {
    name: "grad_cam",
    help: "Sums a layer's maps, each weighted by its effect on the score: where the layer sees the class.",
    fields: GradCam::FIELDS,
    orange: "for",
    explain: grad_cam,
};

settings! {
    struct GradCam {
        /// number of the layer whose maps are summed, from 1; 0 is the last convolution, after its activation
        layer: usize = Field::whole(0, 0..=10_000, &[0]),
    }
}

fn grad_cam(model: &mut Model, question: &Question) -> Result<Explanation, ExplainError> {
    let GradCam { layer } = GradCam::from_values(question.method.values());
    let layer = layer_of(model.network(), layer)?;
    let checked = &model.network().layers()[layer];
    let (maps, name) = (checked.output, checked.name.clone());
    let input = model.network().spec().input;

    let image = model.input(1, |input| input.copy_from_slice(question.image));
    let mut activations = Vec::new();
    let flow = Flow::training_with_input_gradient(image).with_trainable(false);
    let (scores, tap) = model.forward_tapped(layer, flow, |output| {
        activations = output.values().to_vec();
    });
    let mut start = vec![0.0; scores.values().len()];
    start[question.class] = 1.0;
    drop(ops::backward_from(scores, &start));
    let gradient = tap.gradient();

    // The weight of a map: the mean of its gradient over all places.
    let mut weights = vec![0.0f32; maps.channels];
    for place in gradient.chunks_exact(maps.channels) {
        for (weight, gradient) in weights.iter_mut().zip(place) {
            *weight += gradient / (maps.height * maps.width) as f32;
        }
    }
    let coarse: Vec<f32> = activations
        .chunks_exact(maps.channels)
        .map(|place| {
            let sum: f32 = place.iter().zip(&weights).map(|(a, w)| a * w).sum();
            sum.max(0.0)
        })
        .collect();
    let shape = Shape::new(maps.height, maps.width, 1);
    let heat = resample(&coarse, shape, input.height, input.width);
    let note = format!("maps of layer {}, {name}, {maps}", layer + 1);
    Ok(Explanation {
        layer: Some(layer),
        ..question.explained(heat, shape, coarse, note)
    })
}

/// The position of the layer with this number, if it has maps.
fn layer_of(network: &CheckedNetwork, number: usize) -> Result<usize, ExplainError> {
    let layers = network.layers();
    let has_maps = |output: Shape| output.height * output.width > 1;
    if number == 0 {
        return default_layer(network).ok_or_else(|| {
            ExplainError::Layer(format!(
                "{} has no convolution and so no maps; choose another method",
                network.spec().name
            ))
        });
    }
    let with_maps = layers
        .iter()
        .take_while(|layer| has_maps(layer.output))
        .count();
    match layers.get(number - 1) {
        Some(layer) if has_maps(layer.output) => Ok(number - 1),
        Some(layer) => Err(ExplainError::Layer(format!(
            "layer {number}, {}, outputs {}, not maps; choose 0 (the last convolution) or one of the first {}",
            layer.name,
            layer.output,
            counted(with_maps, "layer")
        ))),
        None => Err(ExplainError::Layer(format!(
            "layer {number}: the network has {}; choose 0 (the last convolution) or one of the first {with_maps}",
            counted(layers.len(), "layer")
        ))),
    }
}

/// The last layer of the last convolution's stage: after its activation, with or without batch norm before that, after the block that it is
/// in, and before any layer that moves or merges places, such as pooling. Its output is the feature map activations of the paper's equation 1.
fn default_layer(network: &CheckedNetwork) -> Option<usize> {
    let layers = network.layers();
    let activates = |index: &usize| layers[*index].layer.activation() != Activation::Linear;
    let convolution = layers
        .iter()
        .rposition(|layer| layer.layer.slides_filters())?;
    let stage: Vec<usize> = (convolution + 1..layers.len())
        .take_while(|index| {
            let layer = &layers[*index].layer;
            layer.keeps_places() || layer.joins().is_some()
        })
        .collect();
    let activation = stage.iter().rev().copied().find(activates);
    // A layer without weights and activation, such as dropout, does not change the maps.
    let last = || {
        let mut stage = stage.iter().rev().copied();
        stage.find(|index| !layers[*index].parameters.is_empty())
    };
    activation
        .or_else(|| Some(convolution).filter(activates))
        .or_else(last)
        .or(Some(convolution))
}
