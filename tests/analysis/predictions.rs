//! Predictions, taken step by step, against the model and the trainer's own measurement.

use crate::support::{change, close, model, split};
use convscope::analysis::{Figures, Gallery, PredictionPass, predict};
use convscope::data::{Pixels, Split};
use convscope::ops::Objective;
use convscope::shape::Shape;
use convscope::training::Evaluation;

const LAYERS: &str = "conv2d: {filters: 3, kernel: 3, stride: 2}, relu, flatten, classify";

#[test]
fn a_pass_in_steps_agrees_with_model_and_trainer() {
    let shape = Shape::new(6, 5, 1);
    let (mut model, split) = (model([6, 5, 1], 4, LAYERS), split(shape, 600, 4));
    let objective = Objective::default();
    let mut pass = PredictionPass::new(objective, &model, &split);
    let mut lengths = Vec::new();
    while !pass.is_finished() {
        pass.advance(&mut model, &split);
        lengths.push(pass.predictions().len());
    }
    assert_eq!((lengths, pass.total()), (vec![256, 512, 600], 600));
    let predictions = pass.into_predictions();
    assert_eq!(predictions, predict(objective, &mut model, &split));
    assert_eq!(predictions.labels(), split.labels());

    let evaluation = Evaluation::whole(objective, &mut model, &split);
    let predicted: Vec<u16> = (0..600).map(|i| predictions.predicted(i) as u16).collect();
    assert_eq!(predicted, evaluation.predictions);
    let figures = Figures::of(&predictions).unwrap();
    assert_eq!(figures.accuracy, evaluation.accuracy());
    assert_eq!(Some(figures.accuracy), predictions.confusion().accuracy());
    assert!((figures.loss - evaluation.loss()).abs() < 1e-6);
    assert!(figures.top2_accuracy > figures.accuracy);

    for index in [0, 300, 599] {
        let mut image = vec![0.0; 30];
        split.image(index, &mut image);
        close(
            predictions.probabilities(index),
            &model.probabilities(&image),
            1e-6,
        );
        let judgement = predictions.judgement(index);
        let own = judgement.probabilities[usize::from(judgement.label)];
        assert!((judgement.cross_entropy + own.ln()).abs() < 1e-5);
    }
}

#[test]
fn losses_tell_hopeless_images_apart_where_their_probabilities_are_all_zero() {
    let mut model = model([1, 2, 1], 2, "flatten, classify");
    change(&mut model, "bias", |bias| bias.fill(0.0));
    change(&mut model, "kernel", |kernel| {
        kernel.copy_from_slice(&[500.0, 0.0, 0.0, 0.0])
    });
    // Scores of class 0: 200, 500, 0; the label is always class 1.
    let pixels = vec![0.4, 0.0, 1.0, 0.0, 0.0, 1.0];
    let split = Split::new(Shape::new(1, 2, 1), Pixels::F32(pixels), vec![1, 1, 1]);
    let predictions = predict(Objective::default(), &mut model, &split);
    assert_eq!(predictions.probabilities(0)[1], 0.0);
    close(
        predictions.cross_entropies(),
        &[200.0, 500.0, 2f32.ln()],
        1e-4,
    );
    assert_eq!(Gallery::HighestLoss.select(&predictions), [1, 0, 2]);
}
