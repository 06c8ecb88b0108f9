use super::super::edit::{EditProblem, MOST_UNDO, NetworkEditor};
use super::*;

const START: &str =
    "conv2d: {filters: 4, kernel: 3}, relu, max_pool2d: {size: 2}, flatten, classify";

fn editor(layers: &str) -> NetworkEditor {
    NetworkEditor::new(network(layers), None)
}

fn layer(text: &str) -> LayerSpec {
    serde_yaml::from_str(text).unwrap()
}

fn kinds(editor: &NetworkEditor) -> Vec<&'static str> {
    let layers = editor.spec().layers.iter();
    layers.map(|layer| layer.kind().name).collect()
}

#[test]
fn every_edit_does_what_its_name_says_and_is_undone() {
    type Apply = fn(&mut NetworkEditor) -> Result<(), EditProblem>;
    let cases: [(&str, Apply, &[&str]); 8] = [
        (
            "add gelu",
            |editor| editor.insert(1, layer("gelu")),
            &[
                "conv2d",
                "gelu",
                "relu",
                "max_pool2d",
                "flatten",
                "classify",
            ],
        ),
        (
            "delete relu",
            |editor| editor.delete(1),
            &["conv2d", "max_pool2d", "flatten", "classify"],
        ),
        (
            "duplicate conv2d",
            |editor| editor.duplicate(0),
            &[
                "conv2d",
                "conv2d",
                "relu",
                "max_pool2d",
                "flatten",
                "classify",
            ],
        ),
        (
            "move max_pool2d up",
            |editor| editor.move_up(2),
            &["conv2d", "max_pool2d", "relu", "flatten", "classify"],
        ),
        (
            "move conv2d down",
            |editor| editor.move_down(0),
            &["relu", "conv2d", "max_pool2d", "flatten", "classify"],
        ),
        (
            "edit relu",
            |editor| editor.set_layer(1, layer("tanh")),
            &["conv2d", "tanh", "max_pool2d", "flatten", "classify"],
        ),
        (
            "edit the text",
            |editor| {
                editor.replace_by_text(
                    "name: other\ninput: [8, 8, 3]\nclasses: 2\nlayers: [flatten, classify]",
                )
            },
            &["flatten", "classify"],
        ),
        (
            "new network",
            |editor| {
                editor.new_network("mine");
                Ok(())
            },
            &[],
        ),
    ];
    for (name, apply, expected) in cases {
        let mut editor = editor(START);
        let before = editor.spec().clone();
        apply(&mut editor).unwrap();
        assert_eq!(kinds(&editor), expected, "{name}");
        let after = editor.spec().clone();
        assert_eq!(editor.undo_name(), Some(name));
        assert_eq!(editor.undo().as_deref(), Some(name));
        assert_eq!(editor.undo(), None);
        assert_eq!(editor.spec(), &before);
        assert_eq!(editor.redo_name(), Some(name));
        assert_eq!(editor.redo().as_deref(), Some(name));
        assert_eq!(editor.redo(), None);
        assert_eq!(editor.spec(), &after);
    }
}

#[test]
fn fields_are_previewed_before_they_are_set() {
    let mut editor = editor(START);
    let eight = Value::Whole(8);
    let preview = editor.preview_field(0, "filters", &eight).unwrap();
    assert_eq!(preview.layers[0].output, Some(Shape::new(28, 28, 8)));
    assert_eq!(
        editor.summary().layers[0].output,
        Some(Shape::new(28, 28, 4))
    );
    assert_eq!(editor.undo_name(), None);
    editor.set_field(0, "filters", &eight).unwrap();
    assert_eq!(editor.summary(), &preview);
    assert_eq!(editor.undo_name(), Some("set filters of conv2d to 8"));

    let preview = editor
        .preview_insert(2, layer("conv2d: {filters: 2, kernel: 5}"))
        .unwrap();
    assert_eq!(preview.layers[2].name, "conv2d_1");
    assert_eq!(preview.layers[2].parameters, 5 * 5 * 8 * 2 + 2);
}

#[test]
fn what_cannot_be_done_says_why_and_changes_nothing() {
    let mut editor = editor(START);
    let problems = [
        editor.delete(5).unwrap_err(),
        editor.insert(6, layer("relu")).unwrap_err(),
        editor.move_up(0).unwrap_err(),
        editor.move_down(4).unwrap_err(),
        editor.set_field(1, "size", &Value::Whole(1)).unwrap_err(),
        editor.set_field(2, "size", &Value::Whole(65)).unwrap_err(),
        editor.replace_by_text("layers: 3").unwrap_err(),
    ];
    let sentences: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        sentences[..6],
        [
            "there is no layer 6: the network has 5",
            "there is no layer 7: the network has 5",
            "conv2d is the first layer already",
            "classify is the last layer already",
            "relu: expected one of its fields, got size",
            "size: expected a whole number from 1 to 64, got 65",
        ]
    );
    assert!(sentences[6].contains("line 1"), "{}", sentences[6]);
    // What changes nothing is no edit.
    editor.set_layer(1, layer("relu")).unwrap();
    assert_eq!((editor.undo_name(), kinds(&editor).len()), (None, 5));
}

#[test]
fn comments_come_back_with_undo() {
    let text = "name: a\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - flatten # why\n  - classify\nseed: 3\n";
    let spec = network("flatten, classify");
    let spec = NetworkSpec {
        name: "a".to_owned(),
        ..spec
    };
    let mut editor = NetworkEditor::new(spec, Some(text));
    assert_eq!(editor.text(), text);
    editor.insert(1, layer("dense: {units: 5}")).unwrap();
    let longer = text.replace("  - classify", "  - dense: {units: 5}\n  - classify");
    assert_eq!(editor.text(), longer);
    editor.new_network("b");
    assert_eq!(
        editor.text(),
        "name: b\ninput: [28, 28, 1]\nclasses: 10\nlayers: []\n"
    );
    editor.undo();
    assert_eq!(editor.text(), longer);
    editor.undo();
    assert_eq!(editor.text(), text);
}

#[test]
fn mends_are_named_and_done() {
    let cases = [
        (
            "conv2d: {filters: 4, kernel: 3}, dense: {units: 3}",
            "insert flatten before dense",
            1,
        ),
        ("flatten", "add classify", 1),
        ("", "add classify", 0),
        ("flatten, classify, tanh", "move tanh before classify", 1),
        ("flatten, classify, classify", "delete classify_1", 2),
        (
            "global_avg_pool2d, tanh, global_avg_pool2d",
            "delete global_avg_pool2d_1",
            2,
        ),
        (
            "flatten, relu, max_pool2d: {size: 2}",
            "move max_pool2d before flatten",
            0,
        ),
        ("max_pool2d: {size: 40}", "set size of max_pool2d to 28", 0),
        (
            "max_pool2d: {size: 9}, conv2d: {filters: 2, kernel: 5, padding: valid}",
            "set padding of conv2d to same",
            1,
        ),
    ];
    for (layers, name, index) in cases {
        let mut editor = editor(layers);
        let plan = editor.mend_plan().unwrap();
        assert_eq!((plan.name.as_str(), plan.index), (name, index), "{layers}");
        let before = editor.summary().problem.clone();
        assert_eq!(editor.mend(), Some(plan));
        assert_ne!(editor.summary().problem, before, "{layers}");
        assert_eq!(editor.undo_name(), Some(name));
    }
    assert_eq!(editor(START).mend_plan(), None);
}

#[test]
fn history_is_bounded() {
    let mut editor = editor(START);
    for number in 0..MOST_UNDO + 5 {
        let units = Value::Whole(number % 100 + 1);
        editor.set_field(0, "filters", &units).unwrap();
    }
    let undone = std::iter::from_fn(|| editor.undo()).count();
    assert_eq!(undone, MOST_UNDO);
}

/// Every ordered pair of layers, behind an image and behind a vector: it fits, or the second layer says why not. Which do not fit
/// is said here once more, independently: what Keras refuses by the number of axes, and what follows the classifier.
#[test]
fn every_incompatible_pair_gives_a_reason() {
    let wants_image = [
        "conv2d",
        "max_pool2d",
        "avg_pool2d",
        "global_avg_pool2d",
        "zero_padding2d",
    ];
    let wants_vector = ["dense", "classify"];
    let gives_vector = ["flatten", "global_avg_pool2d", "dense", "classify"];
    let mut refused = 0;
    for before in ["batch_norm", "flatten"] {
        for first in LAYERS {
            for second in LAYERS {
                let mut spec = network(before);
                spec.layers.push(LayerSpec::with_defaults(first));
                spec.layers.push(LayerSpec::with_defaults(second));
                let vector = before == "flatten";
                let bad = |kind: &LayerKind, vector: bool| {
                    vector && wants_image.contains(&kind.name)
                        || !vector && wants_vector.contains(&kind.name)
                };
                let place = if bad(first, vector) {
                    Some(1)
                } else {
                    let vector = vector || gives_vector.contains(&first.name);
                    (first.name == "classify" || bad(second, vector)).then_some(2)
                };
                let summary = NetworkSummary::new(&spec);
                let marked = summary.layers.iter().position(|row| row.problem.is_some());
                assert_eq!(marked, place, "{before}, {}, {}", first.name, second.name);
                if let Some(place) = place {
                    let reason = summary.layers[place].problem.as_deref().unwrap();
                    assert!(reason.split(' ').count() > 6, "{reason}");
                    let sentence = format!("layer {}, ", place + 1);
                    assert!(summary.problem.unwrap().starts_with(&sentence));
                    let plan = NetworkEditor::new(spec, None).mend_plan();
                    assert!(plan.is_some(), "{reason}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 100, "only {refused} pairs were refused");
}

fn any_edit() -> impl Strategy<Value = (u8, usize, usize, LayerSpec)> {
    (0u8..14, 0usize..8, 0usize..8, any_layer())
}

fn apply(editor: &mut NetworkEditor, (edit, index, field, layer): (u8, usize, usize, LayerSpec)) {
    let written = layer.values().first().cloned().unwrap_or(Value::Whole(3));
    let named = layer
        .kind()
        .fields
        .get(field)
        .map_or("size", |field| field.name);
    let _ = match edit {
        0..=2 => editor.insert(index, layer),
        3 => editor.set_field(index, named, &written),
        4 => editor.set_layer(index, layer),
        5 => editor.delete(index),
        6 => editor.duplicate(index),
        7 => editor.move_up(index),
        8 => editor.move_down(index),
        9 => {
            editor.mend();
            Ok(())
        }
        10 => {
            editor.undo();
            Ok(())
        }
        11 => {
            editor.redo();
            Ok(())
        }
        12 => editor.replace_by_text(&editor.text()),
        _ => {
            editor.change_head("classes", |spec| spec.classes = 2 + index);
            Ok(())
        }
    };
}

proptest! {
    #[test]
    fn long_edits_are_all_undone_and_redone(edits in proptest::collection::vec(any_edit(), 1..60)) {
        let start = network(START);
        let mut editor = NetworkEditor::new(start.clone(), Some(&start.to_text()));
        for edit in edits {
            apply(&mut editor, edit);
            prop_assert_eq!(editor.summary(), &NetworkSummary::new(editor.spec()));
            prop_assert_eq!(&NetworkSpec::parse(&editor.text()).unwrap(), editor.spec());
        }
        while editor.redo().is_some() {}
        let end = editor.spec().clone();
        while let Some(name) = editor.undo() {
            prop_assert_eq!(Some(name.as_str()), editor.redo_name());
            prop_assert_eq!(editor.summary(), &NetworkSummary::new(editor.spec()));
        }
        prop_assert_eq!(editor.spec(), &start);
        while editor.redo().is_some() {}
        prop_assert_eq!(editor.spec(), &end);
    }

    /// Pressing the key that mends, again and again, leads to a network that fits, from any list of layers.
    #[test]
    fn mends_lead_to_a_network_that_fits(layers in proptest::collection::vec(any_layer(), 0..10)) {
        let most = 4 * layers.len() + 4;
        let mut spec = network("");
        spec.layers = layers;
        let mut editor = NetworkEditor::new(spec, None);
        let mut mends = 0;
        while editor.summary().problem.is_some() {
            prop_assert!(editor.mend().is_some(), "{:?}", editor.summary().problem);
            mends += 1;
            prop_assert!(mends <= most, "no end of mends: {:?}", editor.spec().layers);
        }
        prop_assert_eq!(editor.mend(), None);
    }
}
