//! Looking into a layer by keys: the pinned image, one map, its sum, what excites it, the epochs, the network's health.

use convscope::data::SplitName;
use convscope::state::{Depth, PaneId, Quantity};
use convscope::worker::{Command, FeatureMapRequest, HealthRequest, OriginRequest, Subject};
use crossterm::event::KeyCode;

use super::scene::Scene;
use super::snapshot;

/// A trained network's activations.
fn maps(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::finished(columns, rows);
    scene.keys("6");
    scene.answer();
    scene
}

fn of_set(dataset: &str, split: SplitName, index: usize) -> Subject {
    Subject::OfSet {
        dataset: dataset.to_owned(),
        split,
        index,
    }
}

fn asked_maps(scene: &Scene) -> Vec<FeatureMapRequest> {
    let requests = scene.commands.iter().filter_map(|command| match command {
        Command::FeatureMaps(request) => Some(request.clone()),
        _ => None,
    });
    requests.collect()
}

fn asked_origins(scene: &Scene) -> Vec<OriginRequest> {
    let requests = scene.commands.iter().filter_map(|command| match command {
        Command::Origin(request) => Some(request.clone()),
        _ => None,
    });
    requests.collect()
}

fn asked_health(scene: &Scene) -> Vec<HealthRequest> {
    let requests = scene.commands.iter().filter_map(|command| match command {
        Command::Health(request) => Some(request.clone()),
        _ => None,
    });
    requests.collect()
}

#[test]
fn every_depth_looks_as_before() {
    let at = |keys: &'static str| {
        move |columns, rows| {
            let mut scene = maps(columns, rows);
            for key in keys.chars() {
                match key {
                    '\n' => scene.key(KeyCode::Enter),
                    key => scene.keys(&key.to_string()),
                }
                scene.answer();
            }
            scene.key(KeyCode::F(12));
            scene.lab.status = None;
            scene
        }
    };
    snapshot("inside_map", at("lL\njl"));
    snapshot("inside_products", at("ll\n\nj"));
    snapshot("inside_exciting", at("\nx"));
    snapshot("inside_dense", at("Ghj"));
    snapshot("inside_health", at("i"));
    snapshot("inside_health_gradients", at("ijjjll"));
    snapshot("explain_settings", at("wwe"));
}

#[test]
fn enter_goes_in_and_escape_out_a_step_at_a_time() {
    let mut scene = maps(80, 24);
    let depths = [Depth::Map, Depth::Products];
    for depth in depths {
        scene.key(KeyCode::Enter);
        scene.answer();
        assert_eq!(scene.lab.activations.depth, depth);
    }
    scene.key(KeyCode::Enter);
    assert!(scene.said().contains("does nothing here"));
    for depth in [Depth::Map, Depth::Maps] {
        scene.key(KeyCode::Esc);
        assert_eq!(scene.lab.activations.depth, depth);
    }
    scene.key(KeyCode::Esc);
    assert!(scene.said().contains("Nothing to step out of"));
    // From another layer one starts outside again.
    scene.key(KeyCode::Enter);
    scene.key(KeyCode::Esc);
    scene.keys("l");
    assert_eq!(
        (scene.lab.activations.layer, scene.lab.activations.depth),
        (1, Depth::Maps)
    );
}

#[test]
fn a_value_under_the_cursor_is_followed_back() {
    let mut scene = maps(80, 24);
    scene.keys("L");
    scene.key(KeyCode::Enter);
    scene.answer();
    scene.keys("jl");
    let first = scene.lab.activations.place;
    let request = asked_origins(&scene).pop().unwrap();
    assert_eq!(
        (
            request.place.row,
            request.place.column,
            request.place.channel
        ),
        (first.0, first.1, 1)
    );
    scene.answer();
    assert!(scene.text().contains("27 products"), "{}", scene.text());
    // The next map at the same place.
    scene.keys("L");
    let request = asked_origins(&scene).pop().unwrap();
    assert_eq!((request.place.row, request.place.channel), (first.0, 2));
    scene.keys("HHH");
    assert_eq!(scene.said(), "This is the first map.");
}

#[test]
fn a_pinned_image_survives_panes_sets_and_trainings() {
    let mut scene = maps(80, 24);
    scene.keys("rp");
    scene.answer();
    let index = scene.lab.activations.image;
    let pinned = of_set("Fashion-MNIST starter", SplitName::Test, index);
    assert_eq!(scene.lab.subject(), Some(pinned.clone()));
    assert!(
        scene.text().contains("pinned · test image"),
        "{}",
        scene.text()
    );

    let mut other = super::scene::summary();
    other.name = "another".to_owned();
    scene.keys("1");
    scene.tell(convscope::worker::Event::DataLoaded {
        summary: other,
        seconds: 0.1,
    });
    assert_eq!(scene.lab.chosen_set().unwrap().name, "another");
    scene.answer();
    scene.keys("4 ");
    scene.answer();
    scene.keys("6");
    scene.answer();
    assert_eq!(scene.lab.subject(), Some(pinned));
    scene.keys("p");
    let request = asked_maps(&scene).pop().unwrap();
    assert_eq!(request.subject, of_set("another", SplitName::Test, 0));
    assert_eq!(scene.lab.activations.pin, None);
}

#[test]
fn live_maps_follow_one_another_only_while_the_pane_is_shown() {
    let mut scene = Scene::training(80, 24);
    scene.keys("6");
    let first = asked_maps(&scene).pop().unwrap();
    assert!(!first.live, "the first is shown at once");
    scene.answer();
    let next = asked_maps(&scene);
    assert_eq!(next, [], "live requests are not answered by the scene");
    // The answer asks for the next, which may wait.
    scene.keys("l");
    let request = asked_maps(&scene).pop().unwrap();
    assert!(!request.live);
    scene.answer();
    scene.keys("5");
    scene.commands.clear();
    scene.epoch(1, 3);
    assert_eq!(asked_maps(&scene), []);
}

#[test]
fn the_slider_goes_through_the_epochs_that_were_kept() {
    let mut scene = maps(80, 24);
    scene.keys("<");
    assert_eq!(asked_maps(&scene).pop().unwrap().weights.epoch, Some(9));
    scene.answer();
    assert!(
        scene.text().contains("epoch 9/10, > later"),
        "{}",
        scene.text()
    );
    scene.keys("v");
    assert!(
        scene.text().contains("epoch 9/10 · one range"),
        "{}",
        scene.text()
    );
    for _ in 0..9 {
        scene.keys(",");
    }
    assert_eq!(scene.lab.activations.epoch, Some(0));
    scene.keys(",");
    assert_eq!(scene.said(), "These are the weights of the start.");
    for _ in 0..10 {
        scene.keys(".");
    }
    assert_eq!(scene.lab.activations.epoch, None);
    let mut scene = Scene::loaded(80, 24);
    scene.keys("6<");
    assert!(
        scene.said().contains("has no run folder"),
        "{}",
        scene.said()
    );
}

#[test]
fn health_is_asked_for_once_an_epoch() {
    let mut scene = Scene::training(80, 24);
    scene.keys("6i");
    assert_eq!(asked_health(&scene).pop().unwrap().epochs, [0, 1, 2]);
    scene.answer();
    assert_eq!(asked_health(&scene), []);
    scene.epoch(1, 3);
    assert_eq!(asked_health(&scene).pop().unwrap().epochs, [3]);
    scene.answer();
    assert!(
        scene.text().contains("Health after epoch 3"),
        "{}",
        scene.text()
    );
    assert!(scene.text().contains("18 % of its filters never fire"));
    scene.keys("jl");
    assert_eq!(
        (scene.lab.health.layer, scene.lab.health.quantity),
        (1, Quantity::Values)
    );
    scene.key(KeyCode::Enter);
    assert_eq!(
        (scene.lab.activations.layer, scene.lab.health.is_open),
        (1, false)
    );
    assert_eq!(scene.lab.pane, PaneId::Activations);
}

#[test]
fn settings_of_a_method_are_changed_in_a_form() {
    let mut scene = maps(80, 24);
    scene.keys("e");
    assert!(scene.said().contains("press w until"), "{}", scene.said());
    scene.keys("wwe");
    scene.keys("7");
    scene.key(KeyCode::Enter);
    let values = |scene: &Scene| scene.lab.explaining.current().unwrap().to_line();
    assert_eq!(values(&scene), "smooth_grad: {samples: 7}");
    let explain = scene
        .commands
        .iter()
        .rev()
        .find_map(|command| match command {
            Command::Explain(request) => Some(request.method.to_line()),
            _ => None,
        });
    assert_eq!(explain.unwrap(), "smooth_grad: {samples: 7}");
    // What is not legal is not taken, and says why.
    scene.keys("e");
    scene.keys("0");
    scene.key(KeyCode::Enter);
    assert!(scene.lab.overlay.is_some());
    scene.key(KeyCode::Esc);
    assert_eq!(values(&scene), "smooth_grad: {samples: 7}");
}
