//! Instances: launch, state, profile, metadata options, and what is done to them.

use alloc::sync::Arc;

use serde_json::Value;

use crate::network::interfaces::interface_of;
use crate::network::read::{Call, Out};
use crate::network::shape::{self, either, items, member, text};
use crate::network::statement::{
    AddressStatement, InstanceState, InstanceStatement, InterfaceStatement, MetadataOptions,
    Statement, Touch,
};

pub(crate) fn run(call: &Call<'_>, out: &mut Out<'_>) {
    for described in items(member(call.response, "instancesSet")) {
        read_instance(described, true, out);
    }
}

/// Reads an instance as an inventory describes it.
pub(crate) fn instance(described: &Value, out: &mut Out<'_>) {
    read_instance(described, false, out);
}

fn read_instance(described: &Value, is_launch: bool, out: &mut Out<'_>) {
    let instance = member(described, "instanceId");
    let Some(id) = text(instance) else {
        return;
    };
    let id = out.share(id);
    let interfaces = either(described, &["networkInterfaceSet", "networkInterfaces"]);
    let attachments = || items(interfaces).map(|interface| member(interface, "attachment"));
    let started_at = shape::time(member(described, "launchTime"));
    // `launchTime` is the last start; the first launch is when the primary interface was attached.
    let attached_at = attachments().filter_map(|a| shape::time(member(a, "attachTime"))).min();
    let launched_at = attached_at.or(started_at);
    let groups = either(described, &["groupSet", "securityGroups"]);
    let groups = items(groups).map(|group| out.id(member(group, "groupId")));
    let security_group_ids = groups.filter(|group| !group.is_empty()).collect();
    let state = InstanceState {
        instance_id: id.clone(),
        vpc_id: out.id(member(described, "vpcId")),
        subnet_id: out.id(member(described, "subnetId")),
        image_id: out.id(member(described, "imageId")),
        name: name_tag(described, out),
        launched_at,
        is_launch,
        security_group_ids,
    };
    out.state_since(
        launched_at,
        Statement::Instance(InstanceStatement::Described(alloc::boxed::Box::new(state))),
    );
    for interface in items(interfaces) {
        interface_of(interface, instance, started_at, out);
    }
    let of_interface = items(interfaces).next();
    if of_interface.is_none() {
        addresses_of_old(described, &id, out);
    }
    let profile = either(member(described, "iamInstanceProfile"), &["arn", "name"]);
    if let Some(profile) = text(profile) {
        let instance_id = id.clone();
        let (profile, association_id) = (out.share(profile), out.share(""));
        out.state(Statement::Instance(InstanceStatement::ProfileAssociated {
            instance_id,
            profile,
            association_id,
        }));
    }
    let options = metadata_options(member(described, "metadataOptions"), out);
    set_metadata_options(&id, options, out);
    for device in items(either(described, &["blockDeviceMappings", "blockDeviceMapping"])) {
        if let Some(volume) = text(member(member(device, "ebs"), "volumeId")) {
            let (volume_id, instance_id) = (out.share(volume), id.clone());
            out.state(Statement::Instance(InstanceStatement::VolumeAttached {
                volume_id,
                instance_id,
            }));
        }
    }
}

pub(crate) fn start(call: &Call<'_>, out: &mut Out<'_>) {
    change_state(call, Touch::State, out);
}

pub(crate) fn reboot(call: &Call<'_>, out: &mut Out<'_>) {
    change_state(call, Touch::State, out);
}

pub(crate) fn stop(call: &Call<'_>, out: &mut Out<'_>) {
    for instance_id in change_state(call, Touch::State, out) {
        out.state(Statement::Instance(InstanceStatement::Stopped { instance_id }));
    }
}

pub(crate) fn terminate(call: &Call<'_>, out: &mut Out<'_>) {
    for instance_id in change_state(call, Touch::Termination, out) {
        out.state(Statement::Instance(InstanceStatement::Terminated { instance_id }));
    }
}

/// States that the instances of the request were touched, and returns them.
fn change_state(call: &Call<'_>, touch: Touch, out: &mut Out<'_>) -> alloc::vec::Vec<Arc<str>> {
    let instances = items(member(call.request, "instancesSet"));
    let instances = instances.map(|item| member(item, "instanceId"));
    let touched = instances.filter(|instance| text(instance).is_some());
    touched
        .map(|instance| {
            out.touched(instance, touch, call.name);
            out.id(instance)
        })
        .collect()
}

/// Reads a new profile. Only the response of a replacement names the instance.
pub(crate) fn associate_profile(call: &Call<'_>, out: &mut Out<'_>) {
    let made = member(call.response, "iamInstanceProfileAssociation");
    let instance = either(made, &["instanceId"]);
    let instance = if instance.is_null() { member(call.request, "instanceId") } else { instance };
    let told = either(member(made, "iamInstanceProfile"), &["arn"]);
    let asked = either(member(call.request, "iamInstanceProfile"), &["arn", "name"]);
    let profile = text(told).or_else(|| text(asked)).unwrap_or_default();
    let (Some(instance_id), false) = (text(instance), profile.is_empty()) else {
        return;
    };
    let associated = Statement::Instance(InstanceStatement::ProfileAssociated {
        instance_id: out.share(instance_id),
        profile: out.share(profile),
        association_id: out.id(member(made, "associationId")),
    });
    out.state(associated);
    out.touched(instance, Touch::Profile, profile);
}

pub(crate) fn disassociate_profile(call: &Call<'_>, out: &mut Out<'_>) {
    let ended = member(call.response, "iamInstanceProfileAssociation");
    let instance = member(ended, "instanceId");
    let disassociated = Statement::Instance(InstanceStatement::ProfileDisassociated {
        instance_id: out.id(instance),
        association_id: out.id(member(call.request, "associationId")),
    });
    out.state(disassociated);
    out.touched(instance, Touch::Profile, call.name);
}

/// Reads changed metadata options. The response tells all of them, the request those that change.
pub(crate) fn modify_metadata_options(call: &Call<'_>, out: &mut Out<'_>) {
    let instance = member(call.request, "instanceId");
    let Some(instance_id) = text(instance) else {
        return;
    };
    let instance_id = out.share(instance_id);
    let asked = metadata_options(call.request, out);
    let told = metadata_options(member(call.response, "instanceMetadataOptions"), out);
    let options = MetadataOptions {
        http_tokens: asked.http_tokens.clone().or(told.http_tokens),
        http_endpoint: asked.http_endpoint.or(told.http_endpoint),
        hop_limit: asked.hop_limit.or(told.hop_limit),
    };
    let detail = asked.http_tokens.unwrap_or_else(|| out.share(""));
    set_metadata_options(&instance_id, options, out);
    out.touched(instance, Touch::MetadataOptions, &detail);
}

pub(crate) fn modify_attribute(call: &Call<'_>, out: &mut Out<'_>) {
    let instance = member(call.request, "instanceId");
    if !member(call.request, "userData").is_null() {
        out.touched(instance, Touch::UserData, call.name);
    }
    for group in items(member(call.request, "groupSet")) {
        let group = text(member(group, "groupId")).unwrap_or_default();
        out.touched(instance, Touch::SecurityGroup, group);
    }
}

pub(crate) fn create_tags(call: &Call<'_>, out: &mut Out<'_>) {
    let name = name_tag(call.request, out);
    let resources = items(member(call.request, "resourcesSet"));
    let resources = resources.filter_map(|item| text(member(item, "resourceId")));
    for resource in resources.filter(|id| id.starts_with("i-") && !name.is_empty()) {
        let (instance_id, name) = (out.share(resource), name.clone());
        out.state(Statement::Instance(InstanceStatement::Named { instance_id, name }));
    }
}

pub(crate) fn authorize_ingress(call: &Call<'_>, out: &mut Out<'_>) {
    if let Some(group_id) = text(member(call.request, "groupId")) {
        let group_id = out.share(group_id);
        out.state(Statement::Instance(InstanceStatement::GroupOpened { group_id }));
    }
}

pub(crate) fn attach_volume(call: &Call<'_>, out: &mut Out<'_>) {
    let instance = member(call.request, "instanceId");
    let (Some(volume), Some(id)) = (text(member(call.request, "volumeId")), text(instance)) else {
        return;
    };
    let (volume_id, instance_id) = (out.share(volume), out.share(id));
    out.state(Statement::Instance(InstanceStatement::VolumeAttached { volume_id, instance_id }));
    out.touched(instance, Touch::Volume, volume);
}

pub(crate) fn create_snapshot(call: &Call<'_>, out: &mut Out<'_>) {
    if let Some(volume_id) = text(member(call.request, "volumeId")) {
        let volume_id = out.share(volume_id);
        out.state(Statement::Instance(InstanceStatement::SnapshotTaken { volume_id }));
    }
}

pub(crate) fn create_snapshots(call: &Call<'_>, out: &mut Out<'_>) {
    let specification = member(call.request, "instanceSpecification");
    out.touched(member(specification, "instanceId"), Touch::Volume, call.name);
}

/// Reads a command of Systems Manager. Which instances it reaches by their tags is not recorded.
pub(crate) fn send_command(call: &Call<'_>, out: &mut Out<'_>) {
    let document = text(member(call.request, "documentName")).unwrap_or_default();
    for instance in items(member(call.request, "instanceIds")) {
        out.touched(instance, Touch::Command, document);
    }
    for target in items(member(call.request, "targets")) {
        let key = text(member(target, "key")).unwrap_or_default();
        let values = items(member(target, "values"));
        for instance in values.filter(|_| key.eq_ignore_ascii_case("InstanceIds")) {
            out.touched(instance, Touch::Command, document);
        }
    }
}

/// Reads a connection by Systems Manager, EC2 Instance Connect or the serial console.
pub(crate) fn connect(call: &Call<'_>, out: &mut Out<'_>) {
    out.touched(either(call.request, &["target", "instanceId"]), Touch::Connection, call.name);
}

/// The addresses of an instance which is described without its interfaces.
fn addresses_of_old(described: &Value, instance_id: &Arc<str>, out: &mut Out<'_>) {
    if let Some(address) = shape::address(member(described, "privateIpAddress")) {
        // Its interface is unknown; the instance's id stands for it.
        let network_interface_id = instance_id.clone();
        let attached = Statement::Interface(InterfaceStatement::Attached {
            network_interface_id: network_interface_id.clone(),
            instance_id: instance_id.clone(),
            attachment_id: out.share(""),
            is_kept: false,
        });
        out.state(attached);
        out.state(Statement::Address(AddressStatement::Assigned { network_interface_id, address }));
    }
}

fn name_tag(described: &Value, out: &mut Out<'_>) -> Arc<str> {
    let tags = items(either(described, &["tagSet", "tags"]));
    let mut named = tags.filter(|tag| text(member(tag, "key")) == Some("Name"));
    out.id(named.next().map_or(&Value::Null, |tag| member(tag, "value")))
}

fn metadata_options(value: &Value, out: &mut Out<'_>) -> MetadataOptions {
    let mut known = |name| text(member(value, name)).map(|text| out.share(text));
    let hop_limit = member(value, "httpPutResponseHopLimit").as_u64();
    MetadataOptions {
        http_tokens: known("httpTokens"),
        http_endpoint: known("httpEndpoint"),
        hop_limit: hop_limit.and_then(|limit| limit.try_into().ok()),
    }
}

fn set_metadata_options(instance_id: &Arc<str>, options: MetadataOptions, out: &mut Out<'_>) {
    if options != MetadataOptions::default() {
        let instance_id = instance_id.clone();
        out.state(Statement::Instance(InstanceStatement::MetadataOptionsSet {
            instance_id,
            options,
        }));
    }
}
