//! Explanations against central differences and closed forms.

use crate::support::{close, image, layer_output, model, scores, weight};
use convscope::analysis::explain::{EXPLANATIONS, ExplainError, Explanation, Method, explain};
use convscope::field::{Kind, Value};
use convscope::network::Model;
use convscope::shape::Shape;

const DEEP: &str = "conv2d: {filters: 4, kernel: 3}, batch_norm, relu, max_pool2d: {size: 2}, \
                    conv2d: {filters: 5, kernel: 2, stride: 2, padding: valid}, relu, dropout: {rate: 0.5}, \
                    flatten, dense: {units: 8, activation: relu}, classify";

/// A method as a file would write it.
fn method(text: &str) -> Method {
    serde_yaml::from_str(text).unwrap()
}

fn ask(model: &mut Model, image: &[f32], class: usize, text: &str) -> Explanation {
    explain(model, image, class, &method(text)).unwrap()
}

#[test]
fn every_method_in_the_list_answers_for_every_class() {
    let mut model = model([8, 9, 3], 4, DEEP);
    let image = image(1, 8 * 9 * 3);
    let scores = scores(&mut model, &image);
    let probabilities = model.probabilities(&image);
    assert_eq!(EXPLANATIONS.len(), 5);
    for kind in EXPLANATIONS {
        for class in 0..4 {
            let found = explain(&mut model, &image, class, &Method::with_defaults(kind)).unwrap();
            assert_eq!(found.heat.len(), 8 * 9, "{}", kind.name());
            assert_eq!(found.values.len(), found.shape.len(), "{}", kind.name());
            assert_eq!(found.score, scores[class]);
            assert_eq!(found.probability, probabilities[class]);
            let again = explain(&mut model, &image, class, &found.method).unwrap();
            assert_eq!(found, again, "{}: the same twice", kind.name());
        }
    }
}

#[test]
fn saliency_is_the_central_difference_of_the_score() {
    let mut model = model([7, 6, 3], 3, DEEP);
    let image = image(2, 7 * 6 * 3);
    for class in 0..3 {
        let found = ask(&mut model, &image, class, "saliency");
        assert_eq!(found.shape, Shape::new(7, 6, 3));
        let largest = found.heat.iter().fold(0.0f32, |m, v| m.max(*v));
        assert!(largest > 1e-2, "class {class}: the gradient is zero");
        let mut misses = 0;
        for (index, gradient) in found.values.iter().enumerate() {
            let score = |model: &mut Model, step: f32| {
                let mut moved = image.clone();
                moved[index] += step;
                f64::from(scores(model, &moved)[class])
            };
            let step = 1.0 / 512.0;
            let numeric =
                (score(&mut model, step) - score(&mut model, -step)) / (2.0 * f64::from(step));
            let error = (numeric - f64::from(*gradient)).abs();
            misses += usize::from(error > 2e-3 * f64::from(largest) + 2e-4);
        }
        // A step may carry a ReLU or a maximum over its kink; hardly any does.
        assert!(
            misses <= 2,
            "class {class}: {misses} of {} differ",
            image.len()
        );
        for (heat, pixel) in found.heat.iter().zip(found.values.chunks(3)) {
            assert_eq!(*heat, pixel.iter().fold(0.0f32, |m, v| m.max(v.abs())));
        }
    }
}

/// The weights that lead to one class of `flatten, classify`.
fn column(model: &Model, class: usize) -> Vec<f32> {
    let kernel = weight(model, "dense/kernel");
    let classes = kernel.len() / model.network().spec().input.len();
    kernel.into_iter().skip(class).step_by(classes).collect()
}

#[test]
fn gradients_of_a_linear_network_are_its_weights() {
    let mut model = model([5, 4, 1], 3, "flatten, classify");
    let image = image(3, 20);
    for class in 0..3 {
        let weights = column(&model, class);
        close(
            &ask(&mut model, &image, class, "saliency").values,
            &weights,
            1e-6,
        );
        let smooth = ask(
            &mut model,
            &image,
            class,
            "smooth_grad: {samples: 130, noise: 0.3}",
        );
        close(&smooth.values, &weights, 1e-5);
    }
}

#[test]
fn integrated_gradients_of_a_linear_network_are_weighted_differences() {
    let mut model = model([5, 4, 3], 3, "flatten, classify");
    let image = image(4, 60);
    for (name, baseline) in [("black", 0.0), ("grey", 0.5), ("white", 1.0)] {
        let text = format!("integrated_gradients: {{steps: 7, baseline: {name}}}");
        let found = ask(&mut model, &image, 1, &text);
        let expected: Vec<f32> = column(&model, 1)
            .iter()
            .zip(&image)
            .map(|(weight, pixel)| weight * (pixel - baseline))
            .collect();
        close(&found.values, &expected, 1e-5);
        let summed: Vec<f32> = expected.chunks(3).map(|p| p.iter().sum()).collect();
        close(&found.heat, &summed, 1e-5);
        let rise = found.score - scores(&mut model, &[baseline; 60])[1];
        let sum: f32 = found.heat.iter().sum();
        assert!((sum - rise).abs() < 1e-4, "{name}: {sum}, expected {rise}");
    }
}

#[test]
fn integrated_gradients_are_complete_on_a_deep_network() {
    let mut model = model([8, 8, 1], 3, DEEP);
    let image = image(5, 64);
    let black = scores(&mut model, &[0.0; 64]);
    let mut moved = 0.0f32;
    for (class, black) in black.into_iter().enumerate() {
        let text = "integrated_gradients: {steps: 512}";
        let found = ask(&mut model, &image, class, text);
        let rise = found.score - black;
        let sum: f32 = found.values.iter().sum();
        assert!((sum - rise).abs() < 0.003, "{sum}, expected {rise}");
        assert!(
            found.note.contains(&format!("{rise:.3} above")),
            "{}",
            found.note
        );
        moved = moved.max(rise.abs());
    }
    assert!(moved > 0.2, "scores that do not move test nothing: {moved}");
}

#[test]
fn occlusion_of_a_linear_network_is_what_the_covered_pixels_added() {
    let mut model = model([6, 5, 1], 3, "flatten, classify");
    let image = image(6, 30);
    let parts = |cover: f32, weights: &[f32]| -> Vec<f32> {
        weights
            .iter()
            .zip(&image)
            .map(|(w, p)| w * (p - cover))
            .collect()
    };
    let weights = column(&model, 2);
    let found = ask(
        &mut model,
        &image,
        2,
        "occlusion: {patch: 1, stride: 1, cover: grey}",
    );
    close(&found.heat, &parts(0.5, &weights), 1e-5);
    // One patch over all.
    let found = ask(&mut model, &image, 2, "occlusion: {patch: 15, stride: 15}");
    let all: f32 = parts(0.0, &weights).iter().sum();
    close(&found.heat, &[all; 30], 1e-4);
    // Patches of 2×2 side by side.
    let found = ask(&mut model, &image, 2, "occlusion: {patch: 2, stride: 4}");
    let parts = parts(0.0, &weights);
    let patch = parts[12] + parts[13] + parts[17] + parts[18];
    for pixel in [12, 13, 17, 18] {
        assert!((found.heat[pixel] - patch).abs() < 1e-5);
    }
}

#[test]
fn grad_cam_has_its_closed_form_before_a_linear_end() {
    let mut model = model(
        [6, 7, 1],
        3,
        "conv2d: {filters: 4, kernel: 3}, relu, flatten, classify",
    );
    let image = image(7, 42);
    let kernel = weight(&model, "dense/kernel");
    for (text, layer) in [
        ("grad_cam: {layer: 1}", 0),
        ("grad_cam: {layer: 2}", 1),
        ("grad_cam", 1),
    ] {
        let maps = layer_output(&mut model, &image, layer);
        let relu = layer_output(&mut model, &image, 1);
        for class in 0..3 {
            // Mean over the places of the gradient by map k: its weights to the class, where the ReLU lets them through.
            let mut weights = [0.0f32; 4];
            for (index, out) in relu.iter().enumerate() {
                let lets_through = layer == 1 || *out > 0.0;
                weights[index % 4] +=
                    f32::from(u8::from(lets_through)) * kernel[index * 3 + class] / 42.0;
            }
            let expected: Vec<f32> = maps
                .chunks(4)
                .map(|place| {
                    let sum: f32 = place.iter().zip(weights).map(|(a, w)| a * w).sum();
                    sum.max(0.0)
                })
                .collect();
            let found = ask(&mut model, &image, class, text);
            close(&found.values, &expected, 1e-5);
            // As large as the image: nothing to interpolate.
            close(&found.heat, &expected, 1e-5);
        }
    }
}

#[test]
fn grad_cam_of_small_maps_is_enlarged_to_the_image() {
    let mut model = model([8, 8, 1], 3, DEEP);
    let image = image(8, 64);
    // A ReLU may silence a class wholly; another shows its map.
    let found = (0..3)
        .map(|class| ask(&mut model, &image, class, "grad_cam"))
        .find(|found| found.values.iter().any(|v| *v > 0.0))
        .unwrap();
    assert_eq!(found.shape, Shape::new(2, 2, 1));
    assert!(
        found.note.contains("layer 6, relu_1, 2×2×5"),
        "{}",
        found.note
    );
    let corners = [found.heat[0], found.heat[7], found.heat[56], found.heat[63]];
    close(&corners, &found.values, 1e-6);
}

/// The layers of a network with maps, and the number of the one that Grad-CAM takes by itself.
#[test]
fn grad_cam_takes_the_last_convolution_after_its_activation() {
    let activations = [
        "relu",
        "leaky_relu",
        "leaky_relu: {negative_slope: 0.1}",
        "tanh",
        "sigmoid",
        "gelu",
    ];
    let mut cases = Vec::new();
    for activation in activations {
        cases.extend([
            (format!("conv2d: {{filters: 2, kernel: 3}}, {activation}"), 2),
            (format!("conv2d: {{filters: 2, kernel: 3}}, batch_norm, {activation}"), 3),
            (format!("conv2d: {{filters: 2, kernel: 3}}, batch_norm, {activation}, dropout: {{rate: 0.1}}, max_pool2d: {{size: 2}}"), 3),
            (format!("conv2d: {{filters: 2, kernel: 3}}, dropout: {{rate: 0.1}}, {activation}, avg_pool2d: {{size: 2}}, {activation}"), 3),
            (format!("conv2d: {{filters: 2, kernel: 3}}, {activation}, max_pool2d: {{size: 2}}, conv2d: {{filters: 2, kernel: 3}}, {activation}"), 5),
        ]);
    }
    for activation in ["relu", "leaky_relu", "tanh", "sigmoid", "gelu"] {
        // With its activation in itself, what follows belongs to the next stage.
        cases.push((
            format!("conv2d: {{filters: 2, kernel: 3, activation: {activation}}}, batch_norm"),
            1,
        ));
    }
    cases.extend([
        (
            "conv2d: {filters: 2, kernel: 3}, batch_norm, dropout: {rate: 0.1}".to_owned(),
            2,
        ),
        (
            "conv2d: {filters: 2, kernel: 3}, dropout: {rate: 0.1}, max_pool2d: {size: 2}"
                .to_owned(),
            1,
        ),
        (
            "gelu, conv2d: {filters: 2, kernel: 3}, zero_padding2d: {size: 1}, gelu".to_owned(),
            2,
        ),
    ]);
    for (layers, expected) in cases {
        let mut model = model([8, 8, 1], 3, &format!("{layers}, flatten, classify"));
        let image = image(8, 64);
        let found = ask(&mut model, &image, 1, "grad_cam");
        assert_eq!(found.layer, Some(expected - 1), "{layers}: {}", found.note);
        let named = ask(
            &mut model,
            &image,
            1,
            &format!("grad_cam: {{layer: {expected}}}"),
        );
        assert_eq!(found.values, named.values, "{layers}");
    }
}

#[test]
fn what_cannot_be_explained_says_why() {
    let mut linear = model([5, 4, 1], 3, "flatten, classify");
    let mut deep = model([8, 8, 1], 3, DEEP);
    let refusal = |model: &mut Model, image: &[f32], class, text: &str| -> ExplainError {
        explain(model, image, class, &method(text)).unwrap_err()
    };
    let message = refusal(&mut linear, &[0.0; 20], 0, "grad_cam").to_string();
    assert_eq!(
        message,
        "grad_cam: test has no convolution and so no maps; choose another method"
    );
    let message = refusal(&mut deep, &[0.0; 64], 0, "grad_cam: {layer: 9}").to_string();
    assert_eq!(
        message,
        "grad_cam: layer 9, dense, outputs 1×1×8, not maps; choose 0 (the last convolution) or one of the first 7 layers"
    );
    let message = refusal(&mut deep, &[0.0; 64], 0, "grad_cam: {layer: 99}").to_string();
    assert!(message.contains("the network has 10 layers"), "{message}");
    assert_eq!(
        refusal(&mut linear, &[0.0; 19], 0, "saliency"),
        ExplainError::Image {
            expected: 20,
            got: 19
        }
    );
    let message = refusal(&mut linear, &[0.0; 20], 3, "saliency").to_string();
    assert_eq!(message, "class 3: the network has 3 classes, 0 to 2");
}

#[test]
fn noise_follows_its_seed() {
    let mut model = model([8, 8, 1], 3, DEEP);
    let image = image(9, 64);
    let mut seeded = method("smooth_grad: {samples: 5}");
    let first = explain(&mut model, &image, 0, &seeded).unwrap();
    seeded.set("seed", &Value::Whole(2)).unwrap();
    let second = explain(&mut model, &image, 0, &seeded).unwrap();
    assert_ne!(first.values, second.values);
}
