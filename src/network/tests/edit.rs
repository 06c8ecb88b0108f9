use super::super::edit::Edit;
use super::*;

const START: &str =
    "conv2d: {filters: 4, kernel: 3}, relu, max_pool2d: {size: 2}, flatten, classify";

fn layer(text: &str) -> LayerSpec {
    serde_yaml::from_str(text).unwrap()
}

fn kinds(network: &NetworkSpec) -> Vec<&'static str> {
    let layers = network.layers.iter();
    layers.map(|layer| layer.kind().name).collect()
}

#[test]
fn every_edit_does_what_its_name_says_where_it_says() {
    type Apply = fn(&NetworkSpec) -> Result<Edit, String>;
    let cases: [(&str, usize, Apply, &[&str]); 6] = [
        (
            "add gelu",
            1,
            |network| Edit::insert(network, 1, layer("gelu")),
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
            1,
            |network| Edit::delete(network, 1),
            &["conv2d", "max_pool2d", "flatten", "classify"],
        ),
        (
            "duplicate conv2d",
            1,
            |network| Edit::duplicate(network, 0),
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
            1,
            |network| Edit::move_up(network, 2),
            &["conv2d", "max_pool2d", "relu", "flatten", "classify"],
        ),
        (
            "move conv2d down",
            1,
            |network| Edit::move_down(network, 0),
            &["relu", "conv2d", "max_pool2d", "flatten", "classify"],
        ),
        (
            "edit relu",
            1,
            |network| Edit::set(network, 1, layer("tanh")),
            &["conv2d", "tanh", "max_pool2d", "flatten", "classify"],
        ),
    ];
    let before = network(START);
    for (name, index, apply, expected) in cases {
        let edit = apply(&before).unwrap();
        assert_eq!(kinds(&edit.network), expected, "{name}");
        assert_eq!((edit.name.as_str(), edit.index), (name, index));
        let head = |network: &NetworkSpec| (network.name.clone(), network.input, network.classes);
        assert_eq!(head(&edit.network), head(&before));
    }
    let last = Edit::insert(&before, 5, layer("relu")).unwrap();
    assert_eq!(kinds(&last.network)[5], "relu");
}

#[test]
fn what_cannot_be_done_says_why() {
    let network = network(START);
    let empty = NetworkSpec {
        layers: Vec::new(),
        ..network.clone()
    };
    let problems = [
        Edit::delete(&network, 5),
        Edit::insert(&network, 6, layer("relu")),
        Edit::move_up(&network, 0),
        Edit::move_down(&network, 4),
        Edit::set(&network, 5, layer("relu")),
        Edit::duplicate(&network, 7),
        Edit::move_up(&empty, 0),
        Edit::move_down(&empty, 0),
    ];
    assert_eq!(
        problems.map(Result::unwrap_err),
        [
            "no layer 6: the network has 5",
            "no layer 7: the network has 5",
            "conv2d is already the first layer",
            "classify is already the last layer",
            "no layer 6: the network has 5",
            "no layer 8: the network has 5",
            "no layer 1: the network has 0",
            "no layer 1: the network has 0",
        ]
    );
}

#[test]
fn a_field_takes_what_its_description_does() {
    let mut layer = layer("max_pool2d: {size: 2}");
    let refusals = [("rate", 1), ("size", 65)].map(|(field, value)| {
        let problem = layer.set(field, &Value::Whole(value)).unwrap_err();
        problem.to_string()
    });
    assert_eq!(
        refusals,
        [
            "max_pool2d: expected one of its fields, got rate",
            "size: expected a whole number from 1 to 64, got 65",
        ]
    );
    layer.set("size", &Value::Whole(3)).unwrap();
    let (stride, padding) = (Value::Off, Value::Choice("valid"));
    assert_eq!(layer.values(), [Value::Whole(3), stride, padding]);
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
        let before = network(layers);
        let plan = Edit::mend(&before).unwrap();
        assert_eq!((plan.name.as_str(), plan.index), (name, index), "{layers}");
        let problem = |network: &NetworkSpec| NetworkSummary::new(network).problem;
        assert_ne!(problem(&plan.network), problem(&before), "{layers}");
    }
    assert_eq!(Edit::mend(&network(START)), None);
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
        "depthwise_conv2d",
        "separable_conv2d",
        "spatial_dropout2d",
    ];
    let wants_vector = ["dense", "classify"];
    let gives_vector = ["flatten", "global_avg_pool2d", "dense", "classify"];
    let mut refused = 0;
    for before in ["batch_norm", "flatten"] {
        let layers = || LAYERS.iter().filter(|kind| kind.contents().is_none());
        for first in layers() {
            for second in layers() {
                let mut spec = network(before);
                for kind in [first, second] {
                    let mut layer = LayerSpec::with_defaults(kind);
                    // The image has one channel.
                    if kind.name == "group_norm" {
                        layer.set("groups", &Value::Whole(1)).unwrap();
                    }
                    spec.layers.push(layer);
                }
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
                    assert!(reason.split(' ').count() > 5, "{reason}");
                    let sentence = format!("layer {}, ", place + 1);
                    assert!(summary.problem.unwrap().starts_with(&sentence));
                    assert!(Edit::mend(&spec).is_some(), "{reason}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 100, "only {refused} pairs were refused");
}

#[test]
fn fields_that_do_not_fit_together_are_mended() {
    let cases = [
        (
            "conv2d: {filters: 4, kernel: 3, stride: 2, dilation: 2}",
            "dilation 2 with stride 2",
            "set dilation of conv2d to 1",
        ),
        (
            "conv2d: {filters: 12, kernel: 3}, conv2d: {filters: 8, kernel: 3, groups: 8}",
            "12 input channels cannot be cut into 8 equal groups",
            "set groups of conv2d_1 to 4",
        ),
        (
            "conv2d: {filters: 12, kernel: 3}, conv2d: {filters: 8, kernel: 3, groups: 6}",
            "8 filters cannot be cut into 6 equal groups",
            "set groups of conv2d_1 to 4",
        ),
        (
            "conv2d: {filters: 12, kernel: 3}, group_norm",
            "12 channels cannot be cut into 8 equal groups",
            "set groups of group_norm to 6",
        ),
        (
            "conv2d: {filters: 12, kernel: 11, padding: valid, dilation: 3}",
            "a 11×11 kernel with dilation 3 does not fit a 28×28 input",
            "set padding of conv2d to same",
        ),
    ];
    for (layers, reason, mend) in cases {
        let spec = network(layers);
        let problem = NetworkSummary::new(&spec).problem.unwrap();
        assert!(problem.contains(reason), "{problem}");
        let edit = Edit::mend(&spec).unwrap();
        assert_eq!(edit.name, mend);
        let next = NetworkSummary::new(&edit.network);
        assert!(next.layers.iter().all(|layer| layer.problem.is_none()));
    }
}

#[test]
fn a_network_cannot_grow_without_limit() {
    let mut spec = network("");
    let layer = layer("depthwise_conv2d: {kernel: 3, depth_multiplier: 64}");
    spec.layers = vec![layer; 20];
    let problem = NetworkSummary::new(&spec).problem.unwrap();
    assert!(problem.contains("more than 2147483648 values"), "{problem}");
}

proptest! {
    /// Pressing the key that mends, again and again, leads to a network that fits, from any list of layers.
    #[test]
    fn mends_lead_to_a_network_that_fits(layers in any_layers(10)) {
        let most = 4 * layers.len() + 4;
        let mut spec = network("");
        spec.layers = layers;
        let mut mends = 0;
        while let Some(problem) = NetworkSummary::new(&spec).problem {
            let mended = Edit::mend(&spec);
            prop_assert!(mended.is_some(), "{problem}");
            spec = mended.unwrap().network;
            mends += 1;
            prop_assert!(mends <= most, "no end of mends: {:?}", spec.layers);
        }
        prop_assert_eq!(Edit::mend(&spec), None);
    }

    /// What a text says of a network is what is written into it, after any edit.
    #[test]
    fn edited_networks_are_written_into_their_text(layers in any_layers(8)) {
        let mut spec = network(START);
        let text = spec.to_text();
        spec.layers = layers;
        let written = spec.write_into(&text);
        prop_assert_eq!(&serde_yaml::from_str::<NetworkSpec>(&written).unwrap(), &spec);
    }
}
