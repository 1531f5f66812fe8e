//! Files of the real world, where they lie beside the checkout.

use std::path::{Path, PathBuf};

use kelvin_batch::read::{EventChunk, Input, LeadChunk, ReadOptions, TimeZone};

use super::{mapped, read, wanted};

/// A file of the material beside the checkout; tells of its absence.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test finds its material by the environment, and tells of its absence"
)]
fn shared(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("KELVIN_SHARED").map(PathBuf::from);
    let beside = || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3)?;
        root.ancestors().map(|above| above.join("shared")).find(|folder| folder.is_dir())
    };
    let path = folder.or_else(beside).map(|folder| folder.join(file)).filter(|path| path.is_file());
    if path.is_none() {
        println!("`{file}` is not there: nothing to test");
    }
    path
}

#[test]
fn a_bank_s_leads_are_read() {
    let Some(path) = shared("data/leads/bank-additional-full.csv") else { return };
    let outcome = read::<LeadChunk>(
        vec![Input::file(path)],
        &wanted(&["age#", "job", "euribor3m#", "y?"], &[]),
        &mapped("lead_id=@line"),
        2,
    )
    .unwrap();
    assert_eq!((outcome.rows.len(), outcome.rejects.len()), (41_188, 0));
    assert_eq!(outcome.warnings, Vec::<String>::new());
    assert_eq!(outcome.rows[0], r#"2 age=56 job="housemaid" euribor3m=4.857 y=false"#);
    assert_eq!(outcome.rows.iter().filter(|row| row.ends_with("y=true")).count(), 4640);
}

#[test]
fn a_dirty_export_is_read() {
    let Some(path) = shared("data/leads/online_shoppers_dirty.csv") else { return };
    let wanted = wanted(&["Administrative#", "Month", "Weekend?", "Revenue?"], &[]);
    let outcome = read::<LeadChunk>(vec![Input::file(path)], &wanted, &mapped("lead_id=@line"), 2).unwrap();
    assert_eq!((outcome.rows.len(), outcome.rejects.len()), (12_330, 0));
    assert_eq!(outcome.rows[0], r#"2 Administrative=0 Month="Feb" Weekend=false Revenue=false"#);
    let empty = outcome.rows.iter().find(|row| row.starts_with("1067 ")).unwrap();
    assert_eq!(empty, r#"1067 Month="Mar" Weekend=false Revenue=false"#);
}

#[test]
fn a_shop_s_events_are_read_once_their_columns_and_offset_are_told() {
    let Some(path) = shared("data/journeys/ecom.csv") else { return };
    let read = |options: &ReadOptions| {
        read::<EventChunk>(vec![Input::file(&path)], &wanted(&["platform"], &[]), options, 2).unwrap()
    };
    let options = mapped("lead_id=user_id,time=timestamp");
    let outcome = read(&options);
    assert_eq!((outcome.rows.len(), outcome.rejects.len()), (0, 31_106));
    let outcome = read(&ReadOptions { time_zone: Some(TimeZone::at_offset(0)), ..options });
    assert_eq!((outcome.rows.len(), outcome.rejects.len()), (31_106, 0));
    assert_eq!(outcome.rows[0], r#"user_0000 2024-03-13T10:21:14Z other platform="desktop""#);
}

#[test]
fn a_compressed_table_is_read() {
    let Some(path) = shared("data/journeys/pathdata.csv.gz") else { return };
    let outcome = read::<LeadChunk>(
        vec![Input::file(path)],
        &wanted(&["total_conversions#"], &[]),
        &mapped("lead_id=@line"),
        2,
    );
    assert_eq!(outcome.unwrap().rows.len(), 10_000);
}
