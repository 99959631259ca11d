//! The words that a made-up shop is made of.

/// What one kind of category is about.
pub struct Theme {
    pub name: &'static str,
    pub slug: &'static str,
    pub about: &'static str,
    /// What SKUs begin with.
    pub prefix: &'static str,
    pub goods: &'static [&'static str],
    pub materials: &'static [&'static str],
    /// The cheapest and the dearest, in whole euros.
    pub prices: (u64, u64),
}

macro_rules! themes {
    ($($name:literal $slug:literal $prefix:literal $least:literal..$most:literal $about:literal
        [$($goods:literal)*] [$($materials:literal)*])*) => {
        &[$(Theme {
            name: $name, slug: $slug, about: $about, prefix: $prefix,
            goods: &[$($goods),*], materials: &[$($materials),*], prices: ($least, $most),
        }),*]
    };
}

pub const THEMES: &[Theme] = themes! {
    "Garden tools" "garden-tools" "GRD" 6..120 "Tools that last longer than the hedge."
        ["spade" "rake" "hoe" "pruning shears" "dibber" "watering can" "wheelbarrow" "leaf fan"]
        ["steel" "ash wood" "carbon steel" "galvanised" "bamboo"]
    "Lamps" "lamps" "LMP" 15..350 "Light for desks, corners and long evenings."
        ["desk lamp" "floor lamp" "pendant" "reading lamp" "wall light" "lantern" "night light"]
        ["brass" "opal glass" "linen" "oak" "paper" "steel"]
    "Kitchen" "kitchen" "KTN" 4..280 "For people who cook, and those who watch."
        ["saucepan" "chopping board" "pepper mill" "whisk" "bread knife" "casserole" "colander" "mixing bowl"]
        ["cast iron" "walnut" "enamel" "copper" "stoneware" "beech"]
    "Stationery" "stationery" "STN" 2..60 "Paper, ink, and what keeps both in order."
        ["notebook" "fountain pen" "pencil set" "letter opener" "sketchbook" "ruler" "envelope set" "ink bottle"]
        ["linen" "kraft" "brass" "cotton paper" "cedar" "leather"]
    "Bags" "bags" "BAG" 18..420 "To carry things, and to be seen carrying them."
        ["rucksack" "tote" "weekender" "messenger bag" "sponge bag" "belt bag"]
        ["canvas" "waxed cotton" "leather" "felt" "recycled nylon"]
    "Toys" "toys" "TOY" 5..90 "No batteries, no noise, no screens."
        ["spinning top" "building blocks" "pull-along duck" "kite" "puzzle" "marble run" "yo-yo"]
        ["maple" "beech" "cotton" "cork" "tin"]
    "Bedding" "bedding" "BED" 20..360 "A third of a life is spent here."
        ["pillow" "duvet" "fitted sheet" "blanket" "bolster" "quilt"]
        ["linen" "percale" "merino" "down" "organic cotton" "flannel"]
    "Cycling" "cycling" "CYC" 4..240 "Everything but the hills."
        ["bell" "saddle" "pannier" "helmet" "pump" "chain lock" "mudguard set" "bar tape"]
        ["brass" "leather" "cork" "aluminium" "reflective" "rubber"]
    "Furniture" "furniture" "FRN" 45..1900 "Made to be repaired."
        ["stool" "bookcase" "side table" "armchair" "bench" "coat rack" "writing desk"]
        ["oak" "walnut" "rattan" "birch" "powder-coated steel"]
    "Coffee and tea" "coffee-and-tea" "CAF" 5..320 "For the first hour of the day, and the fourth of the afternoon."
        ["teapot" "hand grinder" "pour-over set" "kettle" "espresso cup" "tea caddy" "milk jug"]
        ["porcelain" "cast iron" "glass" "stoneware" "copper"]
    "Bathroom" "bathroom" "BTH" 4..160 "Clean, dry and in its place."
        ["bath towel" "soap dish" "bath mat" "shower brush" "mirror" "toothbrush mug"]
        ["waffle cotton" "bamboo" "slate" "porcelain" "brass"]
    "Outdoors" "outdoors" "OUT" 7..640 "For weather."
        ["tent" "sleeping mat" "head torch" "camp stove" "flask" "hammock" "dry bag"]
        ["ripstop" "titanium" "steel" "merino" "recycled nylon"]
};

pub const MANNERS: &[&str] = &[
    "Plain",
    "Sturdy",
    "Slender",
    "Little",
    "Great",
    "Quiet",
    "Folding",
    "Everyday",
    "Nordic",
    "Classic",
    "Round",
    "Light",
    "Striped",
    "Heirloom",
    "Travelling",
    "Square",
    "Curved",
    "Workshop",
    "Coastal",
    "Evening",
];

/// `{}` is the product.
pub const OPENINGS: &[&str] = &[
    "A {} for every day.",
    "The {} that stays when others are replaced.",
    "Our best-selling {}, made in small batches.",
    "A {} that does one thing and does it well.",
    "The {} our grandparents would have bought.",
    "A {} that packs small and works hard.",
];

pub const DETAILS: &[&str] = &[
    "Made of <strong>{}</strong>, finished by hand.",
    "The <em>{}</em> comes from a family business and ages well.",
    "All of it {}, nothing glued that could be screwed.",
    "Care is simple: wipe the {} dry and leave it alone.",
];

pub const CLOSINGS: &[&str] = &[
    "Spare parts for <u>ten years</u>.",
    "Comes in a box without plastic.",
    "Two years of guarantee.",
    "Sizes may differ by a few millimetres.",
    "Assembly takes five minutes.",
];

pub const DELIVERIES: &[&str] = &["delivery", "delivery from the workshop", "returned unopened", "stocktaking: found"];
pub const LOSSES: &[&str] = &["damaged in transit", "sold over the counter", "display piece", "stocktaking: missing"];

/// What buyers say about their orders.
pub const ORDER_NOTES: &[&str] = &[
    "Please ring twice.",
    "It is a present: no price tags, please.",
    "Leave it with the neighbours if nobody is in.",
    "No hurry.",
    "If one is missing, send the rest.",
];
/// Why they changed their minds.
pub const REGRETS: &[&str] = &["ordered twice", "found it in the cellar", "wrong size", "takes too long"];

pub const FIRST_NAMES: &[&str] = &[
    "Ada", "Amir", "Anna", "Ben", "Bo", "Clara", "Dana", "Edwin", "Elif", "Emil", "Farah", "Finn", "Grace", "Hanna",
    "Ida", "Ines", "Ivan", "Jana", "Jonas", "Kaya", "Lars", "Lena", "Liv", "Malik", "Mara", "Mei", "Mina", "Nils",
    "Nora", "Olga", "Omar", "Paul", "Pia", "Quentin", "Rosa", "Ruben", "Sami", "Sofia", "Tara", "Theo", "Uma", "Vera",
    "Wanda", "Yara", "Yusuf", "Zoe",
];

/// The second is how it is written in addresses, where that differs.
pub const LAST_NAMES: &[(&str, &str)] = &[
    ("Abel", "abel"),
    ("Almeida", "almeida"),
    ("Baker", "baker"),
    ("Bauer", "bauer"),
    ("Castro", "castro"),
    ("Dubois", "dubois"),
    ("Eriksen", "eriksen"),
    ("Farkas", "farkas"),
    ("Fischer", "fischer"),
    ("García", "garcia"),
    ("Haddad", "haddad"),
    ("Hoffmann", "hoffmann"),
    ("Ito", "ito"),
    ("Jansen", "jansen"),
    ("Kaya", "kaya"),
    ("Keller", "keller"),
    ("König", "koenig"),
    ("Larsen", "larsen"),
    ("Lind", "lind"),
    ("Moreau", "moreau"),
    ("Müller", "mueller"),
    ("Nakamura", "nakamura"),
    ("Novák", "novak"),
    ("Okafor", "okafor"),
    ("Olsen", "olsen"),
    ("Petrov", "petrov"),
    ("Quinn", "quinn"),
    ("Ricci", "ricci"),
    ("Rossi", "rossi"),
    ("Sato", "sato"),
    ("Schäfer", "schaefer"),
    ("Silva", "silva"),
    ("Tanaka", "tanaka"),
    ("Tóth", "toth"),
    ("Ueda", "ueda"),
    ("Vogel", "vogel"),
    ("Weber", "weber"),
    ("Yilmaz", "yilmaz"),
    ("Zimmer", "zimmer"),
];
