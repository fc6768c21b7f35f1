//! Which calls tell about networks, and who reads them.

use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::{Json, Record, Timestamp};
use serde_json::Value;

use crate::network::addresses as eip;
use crate::network::fact::{FactProof, NetworkFact};
use crate::network::shape::{text, unwrapped};
use crate::network::statement::{InstanceStatement, Statement, Touch};
use crate::network::{gateways, instances, interfaces, routes};

/// Reads the statements of a successful call out of its request and its response.
pub(crate) type Reader = fn(&Call<'_>, &mut Out<'_>);

/// The parameters of a call, without the objects that are wrapped around some of them.
pub(crate) struct Call<'v> {
    /// `eventName`.
    pub(crate) name: &'v str,
    /// `requestParameters`.
    pub(crate) request: &'v Value,
    /// `responseElements`.
    pub(crate) response: &'v Value,
}

/// Where readers put what they read.
pub(crate) struct Out<'s> {
    shared: &'s mut dyn FnMut(&str) -> Arc<str>,
    statements: Vec<(Option<Timestamp>, Statement)>,
    /// When what is stated begins.
    at: Option<Timestamp>,
    /// Whether the begin is that of an event, which nothing that it describes can change.
    is_event: bool,
}

/// A row names a service without its domain, a call of it, and who reads the call.
type Row = (&'static str, &'static str, Reader);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("ec2", "AllocateAddress", eip::allocate),
    ("ec2", "AssignIpv6Addresses", interfaces::assign),
    ("ec2", "AssignPrivateIpAddresses", interfaces::assign),
    ("ec2", "AssociateAddress", eip::associate),
    ("ec2", "AssociateIamInstanceProfile", instances::associate_profile),
    ("ec2", "AssociateNatGatewayAddress", gateways::associate_nat),
    ("ec2", "AssociateRouteTable", routes::associate_table),
    ("ec2", "AttachNetworkInterface", interfaces::attach),
    ("ec2", "AttachVolume", instances::attach_volume),
    ("ec2", "AuthorizeSecurityGroupIngress", instances::authorize_ingress),
    ("ec2", "CreateNatGateway", gateways::create_nat),
    ("ec2", "CreateNetworkInterface", interfaces::create),
    ("ec2", "CreateRoute", routes::set_route),
    ("ec2", "CreateRouteTable", routes::create_table),
    ("ec2", "CreateSnapshot", instances::create_snapshot),
    ("ec2", "CreateSnapshots", instances::create_snapshots),
    ("ec2", "CreateSubnet", routes::create_subnet),
    ("ec2", "CreateTags", instances::create_tags),
    ("ec2", "CreateVpcEndpoint", gateways::create_endpoint),
    ("ec2", "DeleteNatGateway", gateways::delete_nat),
    ("ec2", "DeleteNetworkInterface", interfaces::delete),
    ("ec2", "DeleteRoute", routes::delete_route),
    ("ec2", "DeleteVpcEndpoints", gateways::delete_endpoints),
    ("ec2", "DetachNetworkInterface", interfaces::detach),
    ("ec2", "DisassociateAddress", eip::disassociate),
    ("ec2", "DisassociateIamInstanceProfile", instances::disassociate_profile),
    ("ec2", "DisassociateNatGatewayAddress", gateways::disassociate_nat),
    ("ec2", "ModifyInstanceAttribute", instances::modify_attribute),
    ("ec2", "ModifyInstanceMetadataOptions", instances::modify_metadata_options),
    ("ec2", "RebootInstances", instances::reboot),
    ("ec2", "ReleaseAddress", eip::release),
    ("ec2", "ReplaceIamInstanceProfileAssociation", instances::associate_profile),
    ("ec2", "ReplaceRoute", routes::set_route),
    ("ec2", "RunInstances", instances::run),
    ("ec2", "StartInstances", instances::start),
    ("ec2", "StopInstances", instances::stop),
    ("ec2", "TerminateInstances", instances::terminate),
    ("ec2", "UnassignIpv6Addresses", interfaces::unassign),
    ("ec2", "UnassignPrivateIpAddresses", interfaces::unassign),
    ("ec2-instance-connect", "SendSSHPublicKey", instances::connect),
    ("ec2-instance-connect", "SendSerialConsoleSSHPublicKey", instances::connect),
    ("ssm", "SendCommand", instances::send_command),
    ("ssm", "StartSession", instances::connect),
];

/// Who reads a call, if it tells about networks.
pub(crate) fn reader_of(event_source: &str, event_name: &str) -> Option<Reader> {
    let service = event_source.strip_suffix(".amazonaws.com").unwrap_or(event_source);
    let row = ROWS.iter().find(|(of, name, _)| *of == service && *name == event_name);
    row.map(|(_, _, reader)| *reader)
}

/// What `reader` reads out of `record`.
pub(crate) fn read(
    reader: Reader,
    record: &Record<'_>,
    proof: &FactProof,
    shared: &mut dyn FnMut(&str) -> Arc<str>,
) -> Vec<NetworkFact> {
    let request = Json::value(record.request_parameters.as_ref());
    let response = Json::value(record.response_elements.as_ref());
    let call = Call {
        name: &record.event_name,
        request: unwrapped(&request, "Request"),
        response: unwrapped(&response, "Response"),
    };
    let mut out = Out::event(record.event_time, shared);
    reader(&call, &mut out);
    out.facts(proof)
}

impl<'s> Out<'s> {
    /// Takes what begins with an event at `time`.
    fn event(time: Timestamp, shared: &'s mut dyn FnMut(&str) -> Arc<str>) -> Self {
        Self { shared, statements: Vec::new(), at: Some(time), is_event: true }
    }

    /// Takes what an inventory states, which was captured at `at` where it tells that.
    pub(crate) fn inventory(
        at: Option<Timestamp>,
        shared: &'s mut dyn FnMut(&str) -> Arc<str>,
    ) -> Self {
        Self { shared, statements: Vec::new(), at, is_event: false }
    }

    /// What was read, resting on `proof`.
    pub(crate) fn facts(self, proof: &FactProof) -> Vec<NetworkFact> {
        let fact = |(at, statement)| NetworkFact { at, statement, proof: proof.clone() };
        self.statements.into_iter().map(fact).collect()
    }

    /// States what begins with the call, or has no begin in an inventory.
    pub(crate) fn state(&mut self, statement: Statement) {
        self.statements.push((self.at, statement));
    }

    /// States what begins at `since` where an inventory tells it, and with the event in one.
    pub(crate) fn state_since(&mut self, since: Option<Timestamp>, statement: Statement) {
        let at = if self.is_event { self.at } else { since.or(self.at) };
        self.statements.push((at, statement));
    }

    /// The id or name `value`; empty where there is none.
    pub(crate) fn id(&mut self, value: &Value) -> Arc<str> {
        (self.shared)(text(value).unwrap_or_default())
    }

    /// A shared copy of `text`.
    pub(crate) fn share(&mut self, text: &str) -> Arc<str> {
        (self.shared)(text)
    }

    /// States that a call touched an instance.
    pub(crate) fn touched(&mut self, instance: &Value, touch: Touch, detail: &str) {
        if let Some(instance_id) = text(instance) {
            let (instance_id, detail) = (self.share(instance_id), self.share(detail));
            self.state(Statement::Instance(InstanceStatement::Touched {
                instance_id,
                touch,
                detail,
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ROWS, reader_of};

    #[test]
    fn calls_stand_in_order_and_once() {
        assert!(ROWS.is_sorted_by_key(|(service, name, _)| (*service, *name)));
        assert!(ROWS.windows(2).all(|pair| (pair[0].0, pair[0].1) != (pair[1].0, pair[1].1)));
    }

    #[test]
    fn a_route_of_an_api_gateway_is_none() {
        assert!(reader_of("ec2.amazonaws.com", "CreateRoute").is_some());
        assert!(reader_of("apigateway.amazonaws.com", "CreateRoute").is_none());
    }
}
