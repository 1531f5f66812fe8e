//! Attribution, held to exact values that an independent program computed, and to games whose answer is known.

use std::{collections::BTreeMap, fs, io::Read};

use kelvin_learn::attribution::{
    Attribution, Chain, Channel, Credit, Journey, MOST_EXACT, Method, Repeats, Rule, Sets, Settings,
};

use super::shared::shared;

/// The paths of `pathdata`, and the names of their channels.
struct Known {
    names: Vec<String>,
    paths: Vec<(Vec<Channel>, [f64; 3])>,
}

impl Known {
    fn read() -> Option<Self> {
        let file = shared()?.join("data/journeys/pathdata.csv.gz");
        let mut text = String::new();
        flate2::read::GzDecoder::new(fs::File::open(file).ok()?).read_to_string(&mut text).expect("paths");
        let (mut names, mut paths) = (Vec::<String>::new(), Vec::new());
        for row in csv::Reader::from_reader(text.as_bytes()).records().map(|row| row.expect("a row")) {
            let channels = row[0].split(" > ").map(|name| {
                let place = names.iter().position(|known| known == name).unwrap_or_else(|| {
                    names.push(name.to_owned());
                    names.len() - 1
                });
                Channel(u16::try_from(place).expect("few channels"))
            });
            let numbers = [1, 2, 3].map(|column| row[column].parse().expect("a number"));
            paths.push((channels.collect(), numbers));
        }
        Some(Self { names, paths })
    }

    fn each(&self, mut take: impl FnMut(&Journey<'_>)) {
        for (channels, [conversions, value, misses]) in &self.paths {
            let (conversions, value, misses) = (*conversions, *value, *misses);
            take(&Journey { channels, ages_ms: &[], conversions, value, misses });
        }
    }

    /// A column of a file of reference values, in the order of the channels.
    fn golden(&self, file: &str, column: &str) -> Vec<f64> {
        let path = shared().expect("found before").join("data/reference").join(file);
        let mut reader = csv::Reader::from_path(path).expect("reference values");
        let at = reader.headers().expect("a header").iter().position(|name| name == column).expect(column);
        let rows = reader.records().map(|row| row.expect("a row"));
        let by_name: BTreeMap<String, f64> =
            rows.map(|row| (row[0].to_owned(), row[at].parse().expect("a number"))).collect();
        self.names.iter().map(|name| by_name[name]).collect()
    }
}

fn near(found: impl IntoIterator<Item = f64>, expect: &[f64], what: &str) {
    let found: Vec<f64> = found.into_iter().collect();
    assert_eq!(found.len(), expect.len(), "{what}");
    for (found, expect) in found.iter().zip(expect) {
        assert!((found - expect).abs() <= 1e-6, "{what}: {found} instead of {expect}");
    }
}

fn conversions(credit: &[Credit]) -> impl Iterator<Item = f64> {
    credit.iter().map(|credit| credit.conversions)
}

fn values(credit: &[Credit]) -> impl Iterator<Item = f64> {
    credit.iter().map(|credit| credit.value)
}

#[test]
fn rules_give_the_credit_that_was_computed_elsewhere() {
    let Some(known) = Known::read() else { return };
    let columns = [
        (Rule::Linear, "linear"),
        (Rule::UShaped, "u_40_20_40"),
        (Rule::DecayByPlace { half_life: 1.0 }, "decay_pos_half1"),
        (Rule::First, "first"),
        (Rule::Last, "last"),
    ];
    let methods = columns.map(|(rule, _)| Method::Rule(rule));
    let mut attribution = Attribution::new(&methods, Settings::default());
    known.each(|journey| attribution.add(journey));
    for (attributed, (_, column)) in attribution.attributed().iter().zip(columns) {
        let golden = |kind| known.golden("pathdata_heuristics.csv", &format!("{column}_{kind}"));
        near(conversions(&attributed.credit), &golden("conv"), column);
        near(values(&attributed.credit), &golden("value"), column);
    }
}

#[test]
fn removal_effects_are_those_of_exact_linear_algebra() {
    let Some(known) = Known::read() else { return };
    let files = [
        (1, Repeats::Collapsed, "pathdata_markov_exact_order1.csv"),
        (1, Repeats::Kept, "pathdata_markov_exact_order1_nocollapse.csv"),
        (2, Repeats::Kept, "pathdata_markov_exact_order2.csv"),
        (3, Repeats::Kept, "pathdata_markov_exact_order3.csv"),
    ];
    for (order, repeats, file) in files {
        let mut chain = Chain::new(order, repeats);
        known.each(|journey| chain.add(journey));
        let effects = chain.effects(2);
        near(conversions(&effects.removal), &known.golden(file, "re_conv"), file);
        near(values(&effects.removal), &known.golden(file, "re_value"), file);
        near(conversions(&effects.credit), &known.golden(file, "attr_conv"), file);
        near(values(&effects.credit), &known.golden(file, "attr_value"), file);
    }
}

#[test]
fn walks_that_are_cut_have_the_effects_of_a_simulation_that_cuts_them() {
    let Some(known) = Known::read() else { return };
    let longest = known.paths.iter().map(|(channels, _)| channels.len()).max().expect("paths");
    for order in [1, 2, 3] {
        let mut chain = Chain::new(order, Repeats::Kept);
        known.each(|journey| chain.add(journey));
        let (effects, file) =
            (chain.effects_within(longest, 2), format!("pathdata_markov_truncated_order{order}.csv"));
        near(conversions(&effects.removal), &known.golden(&file, "re_conv"), &file);
        near(values(&effects.removal), &known.golden(&file, "re_value"), &file);
    }
}

#[test]
fn shapley_values_are_those_that_were_computed_elsewhere() {
    let Some(known) = Known::read() else { return };
    let mut sets = Sets::default();
    known.each(|journey| sets.add(journey));
    let golden = |column| known.golden("pathdata_shapley.csv", column);
    near(conversions(&sets.even()), &golden("shapley_subset_conv"), "subset");
    near(values(&sets.even()), &golden("shapley_subset_value"), "subset");
    let by_rate = sets.by_rate(0, 0);
    assert_eq!(by_rate.drawn, None);
    near(by_rate.shares.iter().map(|share| share.adds.conversions), &golden("shapley_rate"), "rate");
    let scaled = by_rate.shares.iter().map(|share| share.credit.conversions);
    near(scaled, &golden("shapley_rate_scaled_conv"), "rate");
}

/// Journeys of one touchpoint or two over so many channels; the higher a channel's number, the more it converts.
fn pairs(channels: u16) -> Sets {
    let mut sets = Sets::default();
    for first in 0..channels {
        for second in 0..channels {
            let conversions = f64::from(first + second) / f64::from(4 * channels);
            let (channels, misses) = ([Channel(first), Channel(second)], 1.0 - conversions);
            sets.add(&Journey { channels: &channels, ages_ms: &[], conversions, value: 0.0, misses });
        }
    }
    sets
}

#[test]
fn drawn_shapley_values_are_as_near_to_the_exact_ones_as_they_say() {
    // The channel that is added brings nothing but forces orders to be drawn.
    let count = u16::try_from(MOST_EXACT).expect("few");
    let exact = pairs(count).by_rate(0, 0);
    let mut within = 0;
    let seeds = 40;
    for seed in 0..seeds {
        let mut sets = pairs(count);
        let silent = [Channel(count)];
        sets.add(&Journey { channels: &silent, ages_ms: &[], conversions: 0.0, value: 0.0, misses: 1e-9 });
        let drawn = sets.by_rate(400, seed);
        assert_eq!(drawn.drawn, Some(400));
        let off = |place: usize| drawn.shares[place].adds.conversions - exact.shares[place].adds.conversions;
        within += (0..MOST_EXACT)
            .filter(|place| off(*place).abs() <= 2.0 * drawn.shares[*place].error.conversions)
            .count();
    }
    let share = within as f64 / (MOST_EXACT as f64 * seeds as f64);
    assert!(share > 0.9, "{share}");
}

#[test]
fn the_same_seed_draws_the_same_values() {
    assert_eq!(pairs(20).by_rate(50, 7), pairs(20).by_rate(50, 7));
    assert_ne!(pairs(20).by_rate(50, 7), pairs(20).by_rate(50, 8));
}

#[test]
fn effects_do_not_depend_on_threads() {
    let mut chain = Chain::new(2, Repeats::Kept);
    let mut random = kelvin_learn::Random::new(3);
    for _ in 0..500 {
        let channels: Vec<_> =
            (0..=random.below(6)).map(|_| Channel([0, 1, 2, 3][random.below(4)])).collect();
        let conversions = f64::from(u8::from(random.unit() < 0.3));
        let misses = 1.0 - conversions;
        chain.add(&Journey {
            channels: &channels,
            ages_ms: &[],
            conversions,
            value: 7.0 * conversions,
            misses,
        });
    }
    assert_eq!(chain.effects(1), chain.effects(3));
    let sum: f64 = conversions(&chain.effects(1).credit).sum();
    assert!(sum > 0.0 && chain.states() > 4);
}

#[test]
fn a_channel_on_every_path_is_one_without_which_nothing_converts() {
    let mut chain = Chain::new(1, Repeats::Kept);
    for (channels, conversions) in
        [(vec![Channel(0), Channel(1)], 1.0), (vec![Channel(1)], 1.0), (vec![Channel(0)], 0.0)]
    {
        let misses = 1.0 - conversions;
        chain.add(&Journey { channels: &channels, ages_ms: &[], conversions, value: 0.0, misses });
    }
    let effects = chain.effects(1);
    assert!((effects.removal[1].conversions - 1.0).abs() < 1e-12, "{effects:?}");
    assert!((conversions(&effects.credit).sum::<f64>() - 2.0).abs() < 1e-12);
}
