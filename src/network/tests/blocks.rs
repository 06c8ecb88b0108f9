//! Networks with blocks.

use super::super::edit::Edit;
use super::*;

pub(in super::super) fn spec(text: &str) -> NetworkSpec {
    let text = format!("name: test\ninput: [8, 8, 3]\nclasses: 4\nlayers:\n{text}");
    serde_yaml::from_str(&text).unwrap()
}

pub(in super::super) const NESTED: &str = "
- conv2d: {filters: 4, kernel: 3}
- residual:
    layers:
    - conv2d: {filters: 8, kernel: 3, stride: 2}
    - batch_norm
    - branches:
        join: add
        paths: [[relu], [], [{conv2d: {filters: 8, kernel: 1}}, tanh]]
- relu
- branches:
    paths:
    - [max_pool2d: {size: 2}]
    - [conv2d: {filters: 3, kernel: 3, stride: 2}]
- flatten
- classify
";

fn rows(spec: &NetworkSpec) -> Vec<String> {
    let summary = NetworkSummary::new(spec);
    assert_eq!(summary.problem, None);
    let rows = summary.rows.iter().map(|row| {
        let output = row
            .layer
            .map(|layer| summary.layers[layer].output_in_words());
        let output = output.map_or_else(String::new, |output| format!(" {output}"));
        format!("{}{}{output}", "  ".repeat(row.depth), row.name)
    });
    rows.collect()
}

#[test]
fn a_block_holds_its_paths_and_ends_in_the_layer_that_joins_them() {
    let expected = [
        "conv2d 8×8×4",
        "residual",
        "  conv2d_1 4×4×8",
        "  batch_norm 4×4×8",
        "  branches",
        "    relu 4×4×8",
        "  path 2",
        "  path 3",
        "    conv2d_2 4×4×8",
        "    tanh 4×4×8",
        "  add 4×4×8",
        "shortcut",
        "  conv2d_3 4×4×8",
        "  batch_norm_1 4×4×8",
        "add_1 4×4×8",
        "relu_1 4×4×8",
        "branches_1",
        "  max_pool2d 2×2×8",
        "path 2",
        "  conv2d_4 2×2×3",
        "concatenate 2×2×11",
        "flatten 44",
        "classify 4",
    ];
    assert_eq!(rows(&spec(NESTED)), expected);
    let checked = CheckedNetwork::new(&spec(NESTED)).unwrap();
    let inputs = |name: &str| -> Vec<Option<usize>> {
        let layer = checked.layers().iter().find(|layer| layer.name == name);
        layer
            .unwrap()
            .inputs
            .iter()
            .map(|input| input.layer)
            .collect()
    };
    assert_eq!(inputs("conv2d"), [None]);
    assert_eq!(inputs("add"), [Some(3), Some(2), Some(5)]);
    assert_eq!(inputs("conv2d_3"), [Some(0)]);
    assert_eq!(inputs("add_1"), [Some(6), Some(8)]);
    assert_eq!(inputs("concatenate"), [Some(11), Some(12)]);
}

#[test]
fn blocks_are_written_and_read_in_every_way() {
    let spec = spec(NESTED);
    let texts = [spec.to_text(), serde_yaml::to_string(&spec).unwrap()];
    for text in texts {
        assert_eq!(
            serde_yaml::from_str::<NetworkSpec>(&text).unwrap(),
            spec,
            "{text}"
        );
    }
    let expected = "\
name: test
input: [8, 8, 3]
classes: 4
layers:
  - conv2d: {filters: 4, kernel: 3}
  - residual:
      layers:
        - conv2d: {filters: 8, kernel: 3, stride: 2}
        - batch_norm
        - branches:
            join: add
            paths:
              - # path 1
                - relu
              - [] # path 2
              - # path 3
                - conv2d: {filters: 8, kernel: 1}
                - tanh
  - relu
  - branches:
      paths:
        - # path 1
          - max_pool2d: {size: 2}
        - # path 2
          - conv2d: {filters: 3, kernel: 3, stride: 2}
  - flatten
  - classify
";
    assert_eq!(spec.to_text(), expected);
}

#[test]
fn what_is_wrong_with_a_block_in_a_file_names_the_line() {
    let problem = |layers: &str| {
        let text = format!("name: test\ninput: [8, 8, 3]\nclasses: 4\nlayers:\n{layers}");
        let problem = serde_yaml::from_str::<NetworkSpec>(&text).unwrap_err();
        crate::field::TextProblem::new(&text, &problem).to_string()
    };
    assert_eq!(
        problem("- residual"),
        "line 5: layers[0]: residual has no `layers`: write `residual: {layers: [relu]}`"
    );
    assert_eq!(
        problem("- relu\n- branches: {join: add}"),
        "line 6: layers[1].branches: branches has no `paths`: write `branches: {paths: [[relu], []]}`"
    );
    let inside = problem("- residual:\n    layers:\n    - conv2d: {filters: 0, kernel: 3}");
    assert!(inside.starts_with("line 7: "), "{inside}");
    let unknown = problem("- residual:\n    layer: [relu]");
    assert_eq!(
        unknown,
        "line 6: unknown key `layer`; the nearest known one is `layers`"
    );
    let twice = problem("- residual:\n    layers: [relu]\n    layers: [relu]");
    assert!(twice.contains("layers"), "{twice}");
    let two = problem("- residual: {layers: [relu]}\n  relu: {}");
    assert!(two.contains("are in one item"), "{two}");
}

#[test]
fn what_does_not_fit_in_a_block_is_mended() {
    let cases = [
        (
            "- residual: {shortcut: identity, layers: [conv2d: {filters: 4, kernel: 3}]}",
            "layer 2, add: the block's layers and its shortcut give 8×8×4 and 8×8×3; put a 1×1 convolution on the shortcut",
            "set shortcut of residual to auto",
        ),
        (
            "- residual: {layers: [conv2d: {filters: 4, kernel: 3, padding: valid}]}",
            "layer 2, add: no 1×1 convolution makes the 6×6×4 of the block's layers from its input 8×8×3; use padding same inside it",
            "set padding of conv2d to same",
        ),
        (
            "- branches: {join: add, paths: [[conv2d: {filters: 9, kernel: 3}], []]}",
            "layer 2, add: the block's paths give 8×8×9 and 8×8×3; put a 1×1 convolution at the end of the narrower path",
            "insert conv2d at the end of the path",
        ),
        (
            "- branches: {paths: [[flatten], []]}",
            "layer 2, concatenate: the block's paths give a vector of 192 and 8×8×3; unwrap the block",
            "unwrap branches",
        ),
        (
            "- branches: {paths: [[relu]]}",
            "branches: has only one path; add a path or unwrap it",
            "unwrap branches",
        ),
        (
            "- residual: {layers: []}",
            "residual: has no layers; add one inside it or unwrap it",
            "unwrap residual",
        ),
        (
            "- residual: {layers: [flatten, classify]}",
            "layer 2, classify: is inside a block, and must be the last layer of the network; delete it",
            "delete classify",
        ),
    ];
    for (layers, sentence, mend) in cases {
        let spec = spec(layers);
        let summary = NetworkSummary::new(&spec);
        assert_eq!(summary.problem.as_deref(), Some(sentence));
        assert!(summary.rows.iter().any(|row| row.problem.is_some()));
        let plan = Edit::mend(&spec).unwrap();
        assert_eq!(plan.name, mend);
        assert_ne!(NetworkSummary::new(&plan.network).problem, summary.problem);
    }
}

#[test]
fn moving_goes_into_blocks_and_out_of_them() {
    let text = "- relu\n- residual: {layers: [tanh, gelu]}\n- branches: {paths: [[sigmoid], []]}";
    let start = spec(text);
    let names = |spec: &NetworkSpec| -> Vec<&'static str> {
        spec.layers.iter().map(|layer| layer.kind().name).collect()
    };
    assert_eq!(
        names(&start),
        [
            "relu", "residual", "tanh", "gelu", "end", "branches", "sigmoid", "path", "end"
        ]
    );
    let down = Edit::move_down(&start, 0).unwrap();
    assert_eq!(
        names(&down.network)[..5],
        ["residual", "relu", "tanh", "gelu", "end"]
    );
    assert_eq!(down.index, 1);
    assert_eq!(Edit::move_up(&down.network, 1).unwrap().network, start);
    // A block moves whole, into the next one and out again.
    let inside = Edit::move_down(&start, 1).unwrap();
    assert_eq!(
        names(&inside.network),
        [
            "relu", "branches", "residual", "tanh", "gelu", "end", "sigmoid", "path", "end"
        ]
    );
    assert_eq!(Edit::move_up(&inside.network, 2).unwrap().network, start);
    // The beginning of a path moves along its block.
    let path = Edit::move_up(&start, 7).unwrap();
    assert_eq!(
        names(&path.network)[5..],
        ["branches", "path", "sigmoid", "end"]
    );
    let stays = Edit::move_up(&path.network, 6).unwrap_err();
    assert_eq!(stays, "a path begins there already");
    assert_eq!(Edit::move_down(&path.network, 6).unwrap().network, start);
}

#[test]
fn rows_are_wrapped_and_blocks_unwrapped() {
    let start = spec("- relu\n- residual: {layers: [tanh, gelu]}\n- sigmoid");
    let wrap = |lines: std::ops::Range<usize>, kind: &str| {
        Edit::wrap(&start, lines, LayerKind::named(kind).unwrap())
    };
    let text = |edit: Edit| {
        let text = edit.network.to_text();
        text.split_once("layers:\n").unwrap().1.to_owned()
    };
    let residual = wrap(2..4, "residual").unwrap();
    assert_eq!(residual.name, "wrap tanh in residual");
    assert_eq!(
        text(residual.clone()),
        "  - relu
  - residual:
      layers:
        - residual:
            layers:
              - tanh
              - gelu
  - sigmoid
"
    );
    // A block that is only partly chosen is taken whole.
    let branches = wrap(0..2, "branches").unwrap();
    assert_eq!(
        text(branches.clone()),
        "  - branches:
      paths:
        - # path 1
          - relu
          - residual:
              layers:
                - tanh
                - gelu
        - [] # path 2
  - sigmoid
"
    );
    assert_eq!(Edit::unwrap(&branches.network, 0).unwrap().network, start);
    assert_eq!(Edit::unwrap(&residual.network, 2).unwrap().network, start);
    let no_block = Edit::unwrap(&start, 0).unwrap_err();
    assert_eq!(no_block, "relu is not a block; choose one's first row");
    let more = Edit::add_path(&branches.network, 1).unwrap();
    assert_eq!(more.name, "add a path to branches");
    let paths = more.network.layers.iter();
    assert_eq!(paths.filter(|layer| layer.kind().name == "path").count(), 2);
    let divided = Edit::wrap(&more.network, 1..8, LayerKind::named("residual").unwrap());
    assert_eq!(
        divided.unwrap_err(),
        "these rows are of several paths; choose rows of one path"
    );
    let path = more
        .network
        .layers
        .iter()
        .rposition(|layer| layer.kind().name == "path");
    let fewer = Edit::delete(&more.network, path.unwrap()).unwrap();
    assert_eq!(fewer.network, branches.network);
    assert_eq!(
        Edit::delete(&branches.network, 0)
            .unwrap()
            .network
            .layers
            .len(),
        1
    );
}

#[test]
fn a_line_has_its_path_in_the_file() {
    let spec = spec(NESTED);
    let tree: serde_yaml::Value = serde_yaml::to_value(&spec).unwrap();
    let mut found = 0;
    for (line, layer) in spec.layers.iter().enumerate() {
        if ["path", "end"].contains(&layer.kind().name) {
            continue;
        }
        let path = spec.path_of(line);
        let mut value = &tree;
        for name in path.split('.') {
            value = match name.parse::<usize>() {
                Ok(number) => &value[number - 1],
                Err(_) => &value[name],
            };
        }
        let name = value.as_str().or_else(|| {
            let mut keys = value.as_mapping().unwrap().keys();
            keys.next().unwrap().as_str()
        });
        assert_eq!(name, Some(layer.kind().name), "{path}");
        found += 1;
    }
    assert_eq!(found, 14);
    assert_eq!(
        spec.path_of(8),
        "layers.2.residual.layers.3.branches.paths.3.1"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any edits of any network leave a list that is written and read as it is, and undoing them in turn leads back.
    #[test]
    fn edits_of_blocks_keep_the_list_in_order(edits in proptest::collection::vec((0usize..9, 0usize..1000, any_layer()), 0..60)) {
        let mut spec = spec(NESTED);
        for (what, place, layer) in edits {
            let count = spec.layers.len();
            let at = place % (count + 1);
            let block = if place % 2 == 0 { "residual" } else { "branches" };
            let edit = match what {
                0 => Edit::insert(&spec, at, layer),
                1 => Edit::delete(&spec, at),
                2 => Edit::duplicate(&spec, at),
                3 => Edit::move_up(&spec, at),
                4 => Edit::move_down(&spec, at),
                5 => Edit::wrap(&spec, at..(at + place % 5 + 1).min(count), LayerKind::named(block).unwrap()),
                6 => Edit::unwrap(&spec, at),
                7 => Edit::add_path(&spec, at),
                _ => Edit::mend(&spec).ok_or_else(String::new),
            };
            if let Ok(edit) = edit {
                prop_assert!(edit.index <= edit.network.layers.len());
                spec = edit.network;
                let text = spec.to_text();
                prop_assert_eq!(&serde_yaml::from_str::<NetworkSpec>(&text).unwrap(), &spec);
                let summary = NetworkSummary::new(&spec);
                prop_assert_eq!(summary.layers.len(), spec.layer_count());
            }
        }
    }
}
