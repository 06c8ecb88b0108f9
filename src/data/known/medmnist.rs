//! The sets of MedMNIST v2 with images of 28×28 and one class each. Names, checksums and licences are those of `medmnist/info.py` in version 3.0.2
//! of MedMNIST's Python package; the validation images that each set brings are counted in neither split.

use super::{KnownFile, KnownSet, Sum};

const ANY: KnownSet = KnownSet {
    licence: "CC BY 4.0",
    mirrors: &["https://zenodo.org/records/10519652/files"],
    ..KnownSet::UNTOLD
};

const fn npz(name: &'static str, bytes: u64, md5: &'static str) -> KnownFile {
    KnownFile::with(name, bytes, Sum::Md5(md5))
}

const ORGANS: &[&str] = &[
    "bladder",
    "femur-left",
    "femur-right",
    "heart",
    "kidney-left",
    "kidney-right",
    "liver",
    "lung-left",
    "lung-right",
    "pancreas",
    "spleen",
];

pub(super) const BLOODMNIST: KnownSet = KnownSet {
    name: "bloodmnist",
    title: "BloodMNIST",
    class_names: &[
        "basophil",
        "eosinophil",
        "erythroblast",
        "immature granulocytes (myelocytes, metamyelocytes and promyelocytes)",
        "lymphocyte",
        "monocyte",
        "neutrophil",
        "platelet",
    ],
    train_images: 11_959,
    test_images: 3_421,
    files: &[npz(
        "bloodmnist.npz",
        35_500_000,
        "7053d0359d879ad8a5505303e11de1dc",
    )],
    ..ANY
};

pub(super) const BREASTMNIST: KnownSet = KnownSet {
    name: "breastmnist",
    title: "BreastMNIST",
    class_names: &["malignant", "normal, benign"],
    train_images: 546,
    test_images: 156,
    files: &[npz(
        "breastmnist.npz",
        600_000,
        "750601b1f35ba3300ea97c75c52ff8f6",
    )],
    ..ANY
};

pub(super) const DERMAMNIST: KnownSet = KnownSet {
    name: "dermamnist",
    title: "DermaMNIST",
    class_names: &[
        "actinic keratoses and intraepithelial carcinoma",
        "basal cell carcinoma",
        "benign keratosis-like lesions",
        "dermatofibroma",
        "melanoma",
        "melanocytic nevi",
        "vascular lesions",
    ],
    train_images: 7_007,
    test_images: 2_005,
    licence: "CC BY-NC 4.0",
    files: &[npz(
        "dermamnist.npz",
        19_700_000,
        "0744692d530f8e62ec473284d019b0c7",
    )],
    ..ANY
};

pub(super) const OCTMNIST: KnownSet = KnownSet {
    name: "octmnist",
    title: "OCTMNIST",
    class_names: &[
        "choroidal neovascularization",
        "diabetic macular edema",
        "drusen",
        "normal",
    ],
    train_images: 97_477,
    test_images: 1_000,
    files: &[npz(
        "octmnist.npz",
        54_900_000,
        "c68d92d5b585d8d81f7112f81e2d0842",
    )],
    ..ANY
};

pub(super) const ORGANAMNIST: KnownSet = KnownSet {
    name: "organamnist",
    title: "OrganAMNIST",
    class_names: ORGANS,
    train_images: 34_561,
    test_images: 17_778,
    files: &[npz(
        "organamnist.npz",
        38_200_000,
        "68e3f8846a6bd62f0c9bf841c0d9eacc",
    )],
    ..ANY
};

pub(super) const ORGANCMNIST: KnownSet = KnownSet {
    name: "organcmnist",
    title: "OrganCMNIST",
    class_names: ORGANS,
    train_images: 12_975,
    test_images: 8_216,
    files: &[npz(
        "organcmnist.npz",
        15_500_000,
        "b9ceb9546e10131b32923c5bbeaea2b1",
    )],
    ..ANY
};

pub(super) const ORGANSMNIST: KnownSet = KnownSet {
    name: "organsmnist",
    title: "OrganSMNIST",
    class_names: ORGANS,
    train_images: 13_932,
    test_images: 8_827,
    files: &[npz(
        "organsmnist.npz",
        16_500_000,
        "9ab87b696fb54e2a387ebe992d6ed5f1",
    )],
    ..ANY
};

pub(super) const PATHMNIST: KnownSet = KnownSet {
    name: "pathmnist",
    title: "PathMNIST",
    class_names: &[
        "adipose",
        "background",
        "debris",
        "lymphocytes",
        "mucus",
        "smooth muscle",
        "normal colon mucosa",
        "cancer-associated stroma",
        "colorectal adenocarcinoma epithelium",
    ],
    train_images: 89_996,
    test_images: 7_180,
    files: &[npz(
        "pathmnist.npz",
        205_615_438,
        "a8b06965200029087d5bd730944a56c1",
    )],
    ..ANY
};

pub(super) const PNEUMONIAMNIST: KnownSet = KnownSet {
    name: "pneumoniamnist",
    title: "PneumoniaMNIST",
    class_names: &["normal", "pneumonia"],
    train_images: 4_708,
    test_images: 624,
    files: &[npz(
        "pneumoniamnist.npz",
        4_200_000,
        "28209eda62fecd6e6a2d98b1501bb15f",
    )],
    ..ANY
};

pub(super) const RETINAMNIST: KnownSet = KnownSet {
    name: "retinamnist",
    title: "RetinaMNIST",
    class_names: &["0", "1", "2", "3", "4"],
    train_images: 1_080,
    test_images: 400,
    files: &[npz(
        "retinamnist.npz",
        3_300_000,
        "bd4c0672f1bba3e3a89f0e4e876791e4",
    )],
    ..ANY
};

pub(super) const TISSUEMNIST: KnownSet = KnownSet {
    name: "tissuemnist",
    title: "TissueMNIST",
    class_names: &[
        "Collecting Duct, Connecting Tubule",
        "Distal Convoluted Tubule",
        "Glomerular endothelial cells",
        "Interstitial endothelial cells",
        "Leukocytes",
        "Podocytes",
        "Proximal Tubule Segments",
        "Thick Ascending Limb",
    ],
    train_images: 165_466,
    test_images: 47_280,
    files: &[npz(
        "tissuemnist.npz",
        125_000_000,
        "ebe78ee8b05294063de985d821c1c34b",
    )],
    ..ANY
};
