//! Identifiers of AWS principals and keys, with the account written into them as AWS does.

use alloc::format;
use alloc::string::String;

use crate::chance::Chance;

const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// An access key id (`AKIA`, `ASIA`) of an account.
pub(crate) fn access_key_id(prefix: &str, account: &str, chance: &mut Chance) -> String {
    encode(prefix, account, 6, chance)
}

/// The id of a role (`AROA`) or user (`AIDA`): one symbol longer than a key and the same on every run.
pub(crate) fn principal_id(prefix: &str, account: &str, name: &str) -> String {
    let mut chance = Chance::of(0, name, number_of(account));
    encode(prefix, account, 7, &mut chance)
}

/// Writes the account into the first ten symbols.
///
/// These hold 50 bits: a set bit, which tells the format from the one used before 2019, the
/// account in 40 bits, and nine bits that carry nothing.
fn encode(prefix: &str, account: &str, n_tail: usize, chance: &mut Chance) -> String {
    let free = chance.bits() & 0x1ff;
    let value = (1 << 49) | (number_of(account) << 9) | free;
    let mut text = String::from(prefix);
    for position in 0..10 {
        text.push(symbol(value >> (45 - 5 * position)));
    }
    for _ in 0..n_tail {
        text.push(symbol(chance.bits()));
    }
    text
}

fn symbol(bits: u64) -> char {
    let position = (bits & 0x1f) as usize;
    BASE32.get(position).map_or('A', |byte| char::from(*byte))
}

fn number_of(account: &str) -> u64 {
    account.parse().unwrap_or_default()
}

/// An EC2 resource id such as `i-0123456789abcdef0`.
pub(crate) fn ec2_resource(kind: &str, chance: &mut Chance) -> String {
    format!("{kind}-0{}", chance.hex(16))
}

#[cfg(test)]
pub(crate) fn account_in(key: &str) -> String {
    let symbols = key.bytes().skip(4).take(10);
    let value = symbols.fold(0_u64, |value, byte| {
        let digit = BASE32.iter().position(|symbol| *symbol == byte).unwrap();
        (value << 5) | digit as u64
    });
    assert!(value >> 49 == 1, "the format bit is set");
    format!("{:012}", ((value >> 2) & 0x7fff_ffff_ff80) >> 7)
}

#[cfg(test)]
mod tests {
    use super::{access_key_id, account_in, principal_id};
    use crate::chance::Chance;

    #[test]
    fn the_reader_used_in_tests_knows_a_published_pair() {
        assert_eq!(account_in("ASIAQNZGKIQY56JQ7WML"), "029608264753");
    }

    #[test]
    fn every_key_names_its_account() {
        let mut chance = Chance::of(1, "keys", 0);
        for account in ["111122223333", "000000000001", "999999999999"] {
            let key = access_key_id("ASIA", account, &mut chance);
            assert_eq!(key.len(), 20);
            assert_eq!(account_in(&key), account);
        }
    }

    #[test]
    fn a_principal_keeps_its_id() {
        let id = principal_id("AROA", "444455556666", "deploy");
        assert_eq!(id.len(), 21);
        assert_eq!(id, principal_id("AROA", "444455556666", "deploy"));
        assert_eq!(account_in(&id), "444455556666");
    }
}
