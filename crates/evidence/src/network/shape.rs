//! The shapes in which records and inventories write members, lists and times.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use serde_json::{Map, Value};

static NULL: Value = Value::Null;

/// The member `name` of `value`, or null. The case of letters does not count: records write
/// `natGatewayId` and `NatGatewayId`, and the tools `NatGatewayId`.
pub(crate) fn member<'v>(value: &'v Value, name: &str) -> &'v Value {
    let Some(object) = value.as_object() else {
        return &NULL;
    };
    object.get(name).or_else(|| ignoring_case(object, name)).unwrap_or(&NULL)
}

fn ignoring_case<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The first of `names` that is a member of `value`, or null.
pub(crate) fn either<'v>(value: &'v Value, names: &[&str]) -> &'v Value {
    names.iter().map(|name| member(value, name)).find(|found| !found.is_null()).unwrap_or(&NULL)
}

/// What stands inside the object that calls since about 2015 wrap around their parameters, such
/// as `CreateNatGatewayRequest`, or `value` itself.
pub(crate) fn unwrapped<'v>(value: &'v Value, suffix: &str) -> &'v Value {
    let is_wrapper = |key: &str, inner: &Value| {
        key.ends_with(suffix)
            && key.starts_with(|letter: char| letter.is_ascii_uppercase())
            && inner.is_object()
    };
    let wrapper =
        |object: &'v Map<String, Value>| object.iter().find(|(key, inner)| is_wrapper(key, inner));
    value.as_object().and_then(wrapper).map_or(value, |(_, inner)| inner)
}

/// The elements of a list in any of its shapes: an array, `items`, `item`, or a lone element.
pub(crate) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    let list = either(value, &["items", "item"]);
    let list = if list.is_null() { value } else { list };
    let is_nothing = list.is_null() || list.as_object().is_some_and(Map::is_empty);
    let lone = (!is_nothing && !list.is_array()).then_some(list);
    list.as_array().map(Vec::as_slice).unwrap_or_default().iter().chain(lone)
}

/// The text of `value`, unless it is empty. Attributes stand in `value`, and elements of wrapped
/// lists in `content`.
pub(crate) fn text(value: &Value) -> Option<&str> {
    let inner = if value.is_object() { either(value, &["content", "value"]) } else { value };
    inner.as_str().filter(|text| !text.is_empty())
}

/// The address of `value`.
pub(crate) fn address(value: &Value) -> Option<IpAddr> {
    text(value)?.parse().ok()
}

/// Every address that stands anywhere in `value`.
pub(crate) fn addresses(value: &Value) -> Vec<IpAddr> {
    let mut waiting = alloc::vec![value];
    let mut found = Vec::new();
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(list) => waiting.extend(list),
            Value::Object(object) => waiting.extend(object.values()),
            Value::String(text) => found.extend(text.parse::<IpAddr>().ok()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    found
}

/// The time of `value`: epoch milliseconds as records write them, or a text.
pub(crate) fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => Some(Timestamp(number.as_i64()?.div_euclid(1000))),
        Value::String(text) => Timestamp::parse(text),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The Region of an availability zone, a local zone or a wavelength zone: what stands up to the
/// first number.
pub(crate) fn region_of_zone(zone: &str) -> &str {
    let first = zone.find(|letter: char| letter.is_ascii_digit()).unwrap_or(zone.len());
    let rest = zone.get(first..).unwrap_or_default();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    zone.get(..first + digits).unwrap_or(zone)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use serde_json::{Value, json};

    use super::{items, member, region_of_zone, text, time, unwrapped};

    fn texts(value: &Value) -> Vec<&str> {
        items(value).filter_map(text).collect()
    }

    #[test]
    fn a_list_reads_the_same_in_every_shape() {
        assert_eq!(texts(&json!({"items": ["a", "b"]})), ["a", "b"]);
        assert_eq!(texts(&json!({"item": ["a", "b"]})), ["a", "b"]);
        assert_eq!(texts(&json!({"item": {"tag": 1, "content": "a"}})), ["a"]);
        assert_eq!(texts(&json!([{"value": "a"}, "b"])), ["a", "b"]);
        assert_eq!(texts(&json!({"tag": 1, "content": "a"})), ["a"]);
        assert_eq!(texts(&json!("a")), ["a"]);
        assert!(texts(&json!({})).is_empty() && texts(&Value::Null).is_empty());
    }

    #[test]
    fn wrappers_and_case_do_not_matter() {
        let request = json!({"CreateNatGatewayRequest": {"SubnetId": "subnet-1"}});
        let inner = unwrapped(&request, "Request");
        assert_eq!(text(member(inner, "subnetId")), Some("subnet-1"));
        let plain = json!({"subnetId": "subnet-1"});
        assert_eq!(text(member(unwrapped(&plain, "Request"), "subnetId")), Some("subnet-1"));
    }

    #[test]
    fn times_are_milliseconds_or_texts() {
        let expected = cloudtrail::Timestamp::parse("2023-07-10T12:03:24Z");
        assert_eq!(time(&json!(1_688_990_604_000_i64)), expected);
        assert_eq!(time(&json!("2023-07-10T12:03:24+00:00")), expected);
        assert_eq!(time(&json!("2023-07-10T12:03:24.000Z")), expected);
        assert_eq!(time(&json!({})), None);
    }

    #[test]
    fn zones_lie_in_regions() {
        for (zone, region) in [
            ("us-east-1a", "us-east-1"),
            ("us-gov-west-1b", "us-gov-west-1"),
            ("us-west-2-lax-1a", "us-west-2"),
            ("eu-west-2-wl1-lon-wlz-1", "eu-west-2"),
            ("", ""),
            ("é", "é"),
        ] {
            assert_eq!(region_of_zone(zone), region);
        }
    }
}
