//! Which images are trained on and measured: the set's own validation images, a part of the training images, balanced batches, and
//! class weights.

use super::*;

/// Trains, interrupted after each of some numbers of calls, and compares with the run that was not interrupted.
fn resumes_exactly(training: &str, dataset: &Arc<Dataset>) {
    let trainer = || trainer_on(training, Arc::clone(dataset), 1);
    let mut whole = trainer();
    run(&mut whole);
    let expected = whole.checkpoint();
    for calls in [0, 1, 2, 4, 6, 7, 9] {
        let mut first = trainer();
        for _ in 0..calls {
            if !first.is_finished() {
                first.advance().unwrap();
            }
        }
        let saved = first.checkpoint();
        drop(first);
        let mut second = trainer();
        second.restore(&saved).unwrap();
        run(&mut second);
        let got = second.checkpoint();
        let is_same = bits(&got.weights) == bits(&expected.weights);
        assert!(is_same, "{training}, after {calls} calls");
        assert_eq!(got.position.val_losses, expected.position.val_losses);
    }
}

/// The first images of the starter set, with the test images from `test` on as validation images.
fn with_validation(train: usize, test: usize) -> Arc<Dataset> {
    let both = dataset(train, test + 40);
    let part = |images: std::ops::Range<usize>| {
        let split = both.test();
        let pixels = images.clone().flat_map(|image| split.image_u8(image));
        let pixels = data::Pixels::U8(pixels.collect());
        Split::new(split.shape(), pixels, split.labels()[images].to_vec())
    };
    Arc::new(
        Dataset::new(data::Parts {
            name: format!("first {train} and validation"),
            source: both.source().clone(),
            class_names: both.class_names().to_vec(),
            train: both.train().clone(),
            test: part(0..test),
            validation: Some(part(test..test + 40)),
        })
        .unwrap(),
    )
}

/// Of the first classes many images, of the others few.
fn uneven() -> Arc<Dataset> {
    let all = dataset(1500, 50);
    let split = all.train();
    let labels = split.labels();
    let mut seen = [0; 10];
    let kept = (0..split.len()).filter(|image| {
        let class = usize::from(labels[*image]);
        seen[class] += 1;
        seen[class] <= 100 / (class + 1)
    });
    let kept: Vec<usize> = kept.collect();
    let pixels = kept.iter().flat_map(|image| split.image_u8(*image));
    let train = Split::new(
        split.shape(),
        data::Pixels::U8(pixels.collect()),
        kept.iter().map(|image| labels[*image]).collect(),
    );
    Arc::new(
        Dataset::new(data::Parts {
            name: "uneven".to_owned(),
            source: all.source().clone(),
            class_names: all.class_names().to_vec(),
            train,
            test: all.test().clone(),
            validation: None,
        })
        .unwrap(),
    )
}

#[test]
fn the_validation_images_of_the_set_are_measured_and_nothing_else() {
    let set = with_validation(300, 60);
    let mut trainer = trainer_on(
        "epochs: 2, batch_size: 50, validation: data",
        Arc::clone(&set),
        1,
    );
    assert_eq!(
        (trainer.training_images(), trainer.validation_images()),
        (300, 40)
    );
    assert_eq!(trainer.validation_places(), None);
    let figures = loop {
        if let Progress::Epoch(figures) = trainer.advance().unwrap() {
            break figures;
        }
    };
    assert_eq!(figures.labels, set.validation().unwrap().labels());
    let objective = trainer.recipe().objective();
    // The next epoch has begun, without a step yet.
    let model = trainer.evaluated_mut();
    let expected = Evaluation::whole(objective, model, set.validation().unwrap());
    assert_eq!(figures.metrics.val_loss, expected.loss());
    assert_eq!(figures.predictions, expected.predictions);
    resumes_exactly("epochs: 2, batch_size: 80, validation: data", &set);
}

#[test]
fn a_set_without_validation_images_is_refused_where_they_are_asked_for() {
    let set = with_validation(300, 60);
    let mut trainer = trainer_on("epochs: 2, batch_size: 50, validation: data", set, 1);
    epoch(&mut trainer);
    let problem = trainer
        .set_dataset(dataset(300, 60))
        .unwrap_err()
        .to_string();
    assert_eq!(
        problem,
        "training: validation: data: first 300 has no validation images of its own; use `validation: test`, or `{split: 0.1}` to hold \
         out a part of its training images"
    );
    // The images that are measured are another stretch.
    by(|recipe| recipe.validation = Validation::Test)(&mut trainer);
    let (_, metrics) = epoch(&mut trainer);
    assert_eq!(metrics.stretch, 2);
    assert_eq!(metrics.changes, ["validation on the test set"]);
}

#[test]
fn the_part_that_is_trained_on_changes_nothing_of_what_is_held_out() {
    let training = "epochs: 2, batch_size: 50, validation: {split: 0.2}";
    let whole = trainer(training);
    let held_out = whole.validation_places().unwrap().to_vec();
    let mut before: Vec<u32> = Vec::new();
    for (part, images) in [("20", 20), ("0.25", 100), ("200", 200)] {
        let mut trainer = trainer(&format!("{training}, train_images: {part}"));
        assert_eq!(trainer.training_images(), images);
        assert_eq!(trainer.available_images(), whole.training_images());
        assert_eq!(trainer.validation_places().unwrap(), held_out);
        assert_eq!(trainer.batches_per_epoch(), images.div_ceil(50));
        let drawn = trainer.division.train.clone();
        assert!(drawn.iter().all(|image| whole.trains_on(*image)));
        assert!(before.iter().all(|image| drawn.contains(image)), "{part}");
        before = drawn;
        let (rates, metrics) = epoch(&mut trainer);
        assert_eq!((rates.len(), metrics.stretch), (images.div_ceil(50), 1));
    }
    let labels = whole.dataset().train().labels();
    let mut counts = [0; 10];
    for image in before {
        counts[usize::from(labels[image as usize])] += 1;
    }
    let of_all = whole.division.train.iter();
    for class in 0..10u16 {
        let members = of_all
            .clone()
            .filter(|image| labels[**image as usize] == class);
        let share = counts[usize::from(class)] as f64 / members.count() as f64;
        assert!((share - 0.5).abs() < 0.04, "class {class}: {share}");
    }
    resumes_exactly(
        &format!("{training}, train_images: 150"),
        &dataset(500, 100),
    );
}

#[test]
fn excluded_images_are_in_no_part() {
    let trainer = corrected_trainer(
        "epochs: 1, batch_size: 50, train_images: 497",
        &[0, 3, 499],
        (7, 8),
    );
    assert!(!trainer.trains_on(3) && trainer.trains_on(7));
    let refusal = |part: &str| {
        let recipe: Recipe = serde_yaml::from_str(&format!("train_images: {part}")).unwrap();
        check_recipe(&recipe, trainer.dataset(), 7).map_err(|problem| problem.to_string())
    };
    assert_eq!(refusal("497"), Ok(()));
    assert_eq!(
        refusal("498").unwrap_err(),
        "training: train_images: first 500: 498 are more than the 497 images that can be trained on; use fewer, or leave it out to train on all"
    );
}

#[test]
fn another_part_restarts_the_epoch_and_keeps_the_stretch() {
    let mut trainer =
        trainer("epochs: 3, batch_size: 50, validation: {split: 0.2}, train_images: 100");
    let (rates, _) = epoch(&mut trainer);
    trainer.advance().unwrap();
    by(|recipe| recipe.train_images = None)(&mut trainer);
    let (all, metrics) = epoch(&mut trainer);
    assert_eq!(
        (rates.len(), all.len()),
        (2, trainer.training_images().div_ceil(50))
    );
    assert_eq!(metrics.stretch, 1, "the same images are measured");
    assert_eq!(
        metrics.changes,
        [
            "after batch 1: train images: none",
            "after batch 1: the epoch restarts"
        ]
    );
}

#[test]
fn balanced_batches_draw_every_class_equally_often_and_resume_exactly() {
    let set = uneven();
    let images = set.train().len();
    let training =
        "epochs: 2, batch_size: 60, balanced_batches: true, augment: {rotation: 10, noise: 0.1}";
    let mut trainer = trainer_on(training, Arc::clone(&set), 1);
    let labels = set.train().labels();
    let Phase::Training { order } = &trainer.phase else {
        panic!("an epoch begins with training")
    };
    let (order, first) = (order.clone(), order.images.clone());
    assert_eq!(first.len(), images);
    for batch in first.chunks_exact(60) {
        let mut of_class = [0; 10];
        for image in batch {
            of_class[usize::from(labels[*image as usize])] += 1;
        }
        assert_eq!(of_class, [6; 10]);
    }
    // An image that comes again is augmented differently.
    let rare = labels.iter().position(|label| *label == 9).unwrap() as u32;
    let places: Vec<usize> = (0..images).filter(|place| first[*place] == rare).collect();
    let mut seen = Vec::new();
    for place in &places[..2] {
        trainer.feed = None;
        let input = trainer.next_images(&order, *place..images.min(place + 60));
        seen.push(Flow::inference(input).values()[..28 * 28].to_vec());
    }
    assert_ne!(seen[0], seen[1]);
    trainer.feed = None;
    let (rates, _) = epoch(&mut trainer);
    assert_eq!(
        rates.len(),
        images.div_ceil(60),
        "an epoch is as long as without"
    );
    assert_ne!(trainer.order().images, first, "each epoch draws anew");
    resumes_exactly(training, &set);
}

#[test]
fn a_weight_of_one_changes_no_bit_and_weights_follow_the_images_trained_on() {
    let train = |more: &str| {
        let training =
            format!("epochs: 2, batch_size: 60, optimizer: {{sgd: {{learning_rate: 0.1}}}}{more}");
        let mut trainer = trainer_on(&training, uneven(), 1);
        let losses: Vec<(f64, f64)> = run(&mut trainer)
            .iter()
            .map(|e| (e.loss, e.val_loss))
            .collect();
        (bits(&trainer.checkpoint().weights), losses, trainer)
    };
    let (plain, losses, _) = train("");
    let ones = train(", class_weights: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
    assert!((ones.0, ones.1) == (plain.clone(), losses));
    let (balanced, _, trainer) = train(", class_weights: balanced");
    assert!(balanced != plain);
    let counts = trainer.dataset().train().class_counts(10);
    let images: usize = counts.iter().sum();
    let weights = &trainer.division.class_weights;
    for (weight, count) in weights.iter().zip(&counts) {
        assert!((f64::from(*weight) - images as f64 / (10 * count) as f64).abs() < 1e-5);
    }
    let part = trainer_on(
        "epochs: 1, batch_size: 60, class_weights: balanced, train_images: 20",
        uneven(),
        1,
    );
    let sum: f32 = part
        .division
        .train
        .iter()
        .map(|image| {
            part.division.class_weights[usize::from(part.dataset.train().labels()[*image as usize])]
        })
        .sum();
    assert!(
        (sum - 20.0).abs() < 1e-4,
        "their mean over the images is 1: {sum}"
    );
}

#[test]
fn weights_that_change_on_the_way_are_those_of_the_next_batch() {
    let mut trainer = trainer("epochs: 1, batch_size: 50, optimizer: {sgd: {learning_rate: 0}}");
    let loss = |trainer: &mut Trainer| match trainer.advance().unwrap() {
        Progress::Step(report) => report.loss,
        other => panic!("{other:?}"),
    };
    loss(&mut trainer);
    by(|recipe| {
        recipe.class_weights = serde_yaml::from_str("[0, 0, 0, 0, 0, 0, 0, 0, 0, 1e-9]").unwrap()
    })(&mut trainer);
    assert!(loss(&mut trainer) < 1e-6);
    assert_eq!(trainer.changes().len(), 1);
}
