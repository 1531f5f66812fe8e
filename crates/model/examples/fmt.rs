//! scratch
fn main() {
    let s = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    match kelvin_model::fmt::format(&s) { Ok(t) => print!("{t}"), Err(e) => println!("{e:?}") }
}
