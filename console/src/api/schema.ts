/** Made from the API's description: run `npm run types`. */

export interface paths {
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what people changed, latest first. */
        get: operations["audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Gives the raw record of an event, from the logs of the configured folders and buckets, its
         *     members in the order of their names. At most 512 files and 1 GiB of each source are read for it:
         *     of folders those whose names tell the hour of the event first, of buckets those of its accounts
         *     that were delivered within two hours after it.
         */
        get: operations["event"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists incidents. */
        get: operations["incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells everything about an incident but its graph, timeline and plan. */
        get: operations["incident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/edges/{edge}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Looks at an edge closely. */
        get: operations["edge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/export.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Gives everything about an incident as one JSON file, with the SHA-256 of each of its parts.
         * @description The hash of a part is that of its compact JSON with the members of objects in order.
         */
        get: operations["bundle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Draws an incident; what does not fit is folded into groups. */
        get: operations["graph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/graph/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists every node and every edge, whatever the graph folds. */
        get: operations["graph_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/nodes/{node}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Looks at a node closely. */
        get: operations["node"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a note to an incident. Notes stay as they were written. */
        post: operations["add_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives the response plan of an incident and the steps that were done. */
        get: operations["plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/plan/{step}/tick": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ticks a step, or takes that back. */
        post: operations["tick"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/report.html": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives an incident as a report in one HTML file that needs no network. */
        get: operations["html"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells what the credentials of an incident did, oldest first. */
        get: operations["timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/triage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Writes down where an incident stands, and why. */
        post: operations["triage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/triage/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts what was decided before the last decision in its place, once. */
        post: operations["undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams news as server-sent events; the name of each is the member `event` of its data. Where
         *     more was missed than is kept, an event `missed` says so: look at everything anew then.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says what is going on. */
        get: operations["overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Finds keys, roles, users, instances, accounts, addresses, events and incidents by the begin of
         *     their names.
         */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says who is signed in. */
        get: operations["session"];
        put?: never;
        /** Exchanges the one-time token of the address's fragment for a session. */
        post: operations["sign_in"];
        /** Signs out. */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the settings, without secrets. Only admins may see them. */
        get: operations["settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Leads to the identity provider. */
        get: operations["begin_oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in-ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says how one can sign in. */
        get: operations["ways"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signed-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Takes what the identity provider leads back with, and begins a session. */
        get: operations["end_oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the sources with how far each has come. */
        get: operations["sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects/{kind}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells where a credential, a role, a user or an instance comes from, what it handed out, and what
         *     it did.
         */
        get: operations["subject"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suppressions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists suppressions, those that ended as well. */
        get: operations["suppressions"];
        put?: never;
        /** Mutes alerts about something for a time. */
        post: operations["suppress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suppressions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a suppression. Analysts end their own, admins those of others as well. */
        delete: operations["end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Somebody who is affected by a step, beside whom it is meant for. */
        AffectedBody: {
            /** @description When they did it last. */
            last: string;
            /** @description When they come next, by their rhythm. */
            next?: string | null;
            /** @description What they do. */
            what: string;
            /** @description Who, in words. */
            who: string;
        };
        /** @description Open incidents of one age. */
        AgeCount: {
            /** @description The age in words: `1h`, `24h`, `7d`, `older`. */
            age: string;
            /** @description By severity. */
            open: components["schemas"]["SeverityCounts"];
        };
        /** @description A line of the audit. */
        AuditLine: {
            /** @description What was done. */
            action: string;
            /** @description What is there since. */
            after: string;
            /** @description When. */
            at: string;
            /** @description What was there before. */
            before: string;
            /**
             * Format: int64
             * @description Its number.
             */
            number: number;
            /** @description Why. */
            reason: string;
            /** @description To what. */
            subject: string;
            /** @description Who. */
            who: string;
        };
        /** @description Lines of the audit. */
        AuditList: {
            /** @description The lines, latest first. */
            items: components["schemas"]["AuditLine"][];
            /** @description Where the next page begins; absent on the last one. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description All lines.
             */
            total: number;
        };
        /** @description How a credential was reached. */
        ChainBody: {
            /** @description Whether there may be more before the first one that the logs hold. */
            at_least: boolean;
            /** @description Other paths of the same tree. */
            branches: components["schemas"]["HopBody"][][];
            /**
             * Format: int64
             * @description Paths that are not listed.
             */
            branches_left_out?: number;
            /**
             * Format: int32
             * @description Calls of one role for another.
             */
            chained_calls: number;
            /** @description Its color. */
            color: components["schemas"]["ColorBody"];
            /**
             * Format: int32
             * @description Hops.
             */
            hops: number;
            /** @description Every hop from the origin. */
            roles: components["schemas"]["HopBody"][];
        };
        /** @description A read command, and what it has to give. */
        CheckBody: {
            /** @description The command. */
            command: components["schemas"]["CommandBody"];
            /** @description What it has to give. */
            expect: components["schemas"]["ExpectBody"];
        };
        /**
         * @description Color of a hop: grey, orange from the second one on, red from the third.
         * @enum {string}
         */
        ColorBody: "none" | "orange" | "red";
        /** @description A command: a program and its arguments. */
        CommandBody: {
            /** @description Program and arguments, without any quoting. */
            argv: string[];
            /** @description What takes the place of markers in the arguments. */
            inputs?: components["schemas"]["InputBody"][];
            /** @description The same as one line for a POSIX shell: what a copy button copies. */
            shell: string;
        };
        /** @description Where in AWS's console to do it. */
        ConsoleBody: {
            /** @description What to press there, in words. */
            path: string;
            /** @description The page, where every part of its address could be checked. */
            url?: string | null;
        };
        /** @description A credential. */
        CredentialBody: {
            /** @description Its key. */
            access_key_id?: string | null;
            /** @description Its principal. */
            principal_arn?: string | null;
        };
        /** @description A credential that must not work any more. */
        CredentialStanding: {
            /** @description Its keys. */
            access_key_ids: string[];
            /** @description Account. */
            account_id: string;
            /** @description When it was issued. */
            created?: string | null;
            /** @description When it expires. */
            expires?: string | null;
            /**
             * Format: int32
             * @description Hops to it.
             */
            hop: number;
            /** @description Whether it is a long-term key. */
            is_long_term: boolean;
            /** @description When it was last used. */
            last_used?: string | null;
            /** @description ARN of its principal. */
            principal_arn?: string | null;
            /** @description `principalId`. */
            principal_id: string;
        };
        /** @description An edge. */
        EdgeBody: {
            /** @description Color of the hop. */
            color: components["schemas"]["ColorBody"];
            /** @description How sure it is; less than `high` is drawn dotted. */
            confidence: string;
            /**
             * Format: int64
             * @description Edges that it stands for, where there are several.
             */
            count?: number | null;
            /** @description The event that proves it. */
            event_id?: string | null;
            /** @description When. */
            event_time?: string | null;
            /** @description Node it comes from. */
            from: string;
            /**
             * Format: int32
             * @description Number of the hop.
             */
            hop: number;
            /** @description Its name within the graph. */
            id: string;
            /** @description `assumed_role`, `created`, `issued`, `modified` or `used_from`. */
            kind: string;
            /** @description Words on it, such as `2 · AssumeRole`. */
            label: string;
            /** @description Node it goes to. */
            to: string;
        };
        /** @description What went wrong. */
        ErrorBody: {
            /** @description What went wrong. */
            error: components["schemas"]["ErrorDetail"];
        };
        /** @description What went wrong, for a program and for a person. */
        ErrorDetail: {
            /** @description A word that stays the same. */
            code: string;
            /** @description A sentence that says what to do, where something can be done. */
            message: string;
        };
        /** @description A raw record. */
        EventBody: {
            /** @description Its id. */
            event_id: string;
            /** @description The record, as it was delivered. */
            record: Record<string, never>;
            /** @description Where it was read. */
            source: components["schemas"]["EventPlace"];
        };
        /** @description Where a record was read. */
        EventPlace: {
            /** @description Name of the source. */
            name: string;
            /** @description The file or object. */
            object: string;
        };
        /** @description An event that proves something. */
        EvidenceBody: {
            /** @description Its id. */
            event_id?: string | null;
            /** @description The call. */
            event_name: string;
            /** @description The service. */
            event_source: string;
            /** @description When. */
            event_time: string;
            /** @description From where. */
            source_ip_address?: string | null;
        };
        /** @description What a check has to give. */
        ExpectBody: {
            /** @description How it is compared, such as `equals`. */
            kind: string;
            /** @description With what. */
            value?: Record<string, never> | null;
        };
        /** @description A name and its value. */
        Fact: {
            /** @description What can be done with it: `credential`, `role`, `user`, `instance`, `event`, `address`. */
            kind?: string | null;
            /** @description What it is. */
            label: string;
            /** @description Its value. It may be text from logs. */
            value: string;
        };
        /** @description A finding. */
        FindingBody: {
            /** @description The account that it is about. */
            account_id?: string | null;
            chain?: components["schemas"]["ChainBody"] | null;
            /** @description How sure it is: `low`, `medium` or `high`. */
            confidence: string;
            /** @description The credential that it is about. */
            credential: components["schemas"]["CredentialBody"];
            /** @description Its detector. */
            detector: string;
            /** @description Where the credential belongs and where it was used instead. */
            elsewhere?: Record<string, never> | null;
            /** @description The events that prove it. */
            evidence: components["schemas"]["EvidenceBody"][];
            /**
             * Format: int64
             * @description Events that are not listed.
             */
            evidence_left_out?: number;
            /** @description Its first event. */
            first_seen: string;
            /** @description Why it is a habit, where it is one. */
            habit?: string | null;
            /** @description Its id. */
            id: string;
            /** @description Its last event. */
            last_seen: string;
            /** @description What outlives the sessions. */
            left_behind: components["schemas"]["LeftBehindBody"][];
            /**
             * Format: int64
             * @description What was left behind and is not listed.
             */
            left_behind_left_out?: number;
            /** @description Where its lineage begins. */
            origin: components["schemas"]["OriginBody"];
            /** @description Why it is told. */
            reason: string;
            /** @description How grave it is. */
            severity: components["schemas"]["SeverityBody"];
            /** @description Techniques of ATT&CK. */
            techniques: string[];
            /** @description What happened, in one line. */
            title: string;
        };
        /** @description Something that a search found. */
        Found: {
            /** @description What to ask for. */
            id: string;
            /** @description Incidents that name it, at most 20. */
            incident_ids: string[];
            /** @description `account`, `address`, `credential`, `event`, `incident`, `instance`, `role` or `user`. */
            kind: string;
            /** @description What to show. It may be text from logs. */
            label: string;
        };
        /** @description What a search found. */
        FoundList: {
            /** @description Whether there is more. */
            is_cut: boolean;
            /** @description What was found, at most 50. */
            items: components["schemas"]["Found"][];
        };
        /** @description A graph with groups in the place of what does not fit. */
        GraphBody: {
            /** @description Edges, by time. */
            edges: components["schemas"]["EdgeBody"][];
            /** @description What is not drawn. */
            hidden: components["schemas"]["Hidden"];
            /** @description Nodes, origin first, then by rank and time. */
            nodes: components["schemas"]["NodeBody"][];
        };
        /** @description A row of the table beside a graph: a node or an edge. */
        GraphRow: (components["schemas"]["NodeBody"] & {
            /** @enum {string} */
            row: "node";
        }) | (components["schemas"]["EdgeBody"] & {
            /** @enum {string} */
            row: "edge";
        });
        /** @description Rows of the table beside a graph. */
        GraphRowList: {
            /** @description The rows: every node, and then every edge. */
            items: components["schemas"]["GraphRow"][];
            /** @description Where the next page begins; absent on the last one. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description All rows.
             */
            total: number;
        };
        /** @description What is folded into a node. */
        GroupBody: {
            /** @description Whether `expand` can draw them. */
            can_expand: boolean;
            /** @description What `expand` takes to draw the next 25 of them, with those that are drawn already. */
            expand: string;
            /** @description Kind of these nodes; `mixed` where there are several. */
            of: string;
            /**
             * Format: int64
             * @description Nodes in it.
             */
            size: number;
        };
        /** @description What is not drawn: origins and what lies on an orange or red path always are. */
        Hidden: {
            /**
             * Format: int64
             * @description Edges within groups, and those that were drawn as one.
             */
            edges: number;
            /**
             * Format: int64
             * @description Groups that they are folded into.
             */
            groups: number;
            /**
             * Format: int64
             * @description Nodes that are not even in the table, because the incident is too large.
             */
            left_out: number;
            /**
             * Format: int64
             * @description Nodes within groups.
             */
            nodes: number;
            /**
             * Format: int64
             * @description All nodes, drawn or not.
             */
            of_nodes: number;
        };
        /** @description What became of an incident or a finding. */
        HistoryLine: {
            /** @description The newest event then. */
            as_of: string;
            /** @description When it was kept. */
            at: string;
            /** @description Why, in words. */
            because: string;
            /** @description The finding, unless it is about the incident as a whole. */
            finding?: string | null;
            /** @description How grave it is. */
            severity: components["schemas"]["SeverityBody"];
            was?: components["schemas"]["SeverityBody"] | null;
            /** @description `new`, `grew`, `rose`, `fell`, `withdrawn` or `returned`. */
            what: string;
        };
        /** @description A hop. */
        HopBody: {
            /** @description The key that was handed out. */
            access_key_id?: string | null;
            /** @description Its color. */
            color: components["schemas"]["ColorBody"];
            /** @description How sure it is. */
            confidence: string;
            /** @description The event. */
            event_id?: string | null;
            /** @description The call. */
            event_name: string;
            /** @description When. */
            event_time: string;
            /**
             * Format: int32
             * @description Its number.
             */
            hop: number;
            /** @description The role. */
            role_arn?: string | null;
            /** @description The name that the caller gave to the session. */
            role_session_name?: string | null;
            /** @description From where. */
            source_ip_address?: string | null;
        };
        /** @description Everything about an incident but its graph, timeline and plan. */
        IncidentBody: {
            /** @description What is known about the workload that it begins at, as in the scan document. */
            background?: Record<string, never> | null;
            /** @description Findings that hold, gravest first. */
            findings: components["schemas"]["FindingBody"][];
            /** @description Why it is a habit, where it is one. */
            habit?: string | null;
            /** @description What became of it, oldest first. */
            history: components["schemas"]["HistoryLine"][];
            /** @description The incident as lists show it. */
            incident: components["schemas"]["IncidentRowBody"];
            /** @description Whether suppressions mute all of it. */
            is_muted: boolean;
            /** @description What people wrote, oldest first. */
            notes: components["schemas"]["Note"][];
            /** @description When it was first kept. */
            opened_at: string;
            /** @description Where it begins, in full, as in the scan document. */
            origin: components["schemas"]["OriginBody"];
            /**
             * Format: int64
             * @description How often it changed, beginning at 1.
             */
            revision: number;
            /** @description What people decided. */
            triage: components["schemas"]["TriageBody"];
        };
        /** @description A page of incidents. */
        IncidentList: {
            /** @description The incidents. */
            items: components["schemas"]["IncidentRowBody"][];
            /** @description Where the next page begins; absent on the last one. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description Incidents that the filters let through; counted up to 10,000.
             */
            total: number;
            /** @description Whether there are more than `total` says. */
            total_is_cut: boolean;
        };
        /** @description Where an incident begins, in short. */
        IncidentOrigin: {
            /** @description Its kind, such as `ec2_instance`. */
            kind: string;
            /** @description What it is known by: a key, an instance, an ARN. */
            label: string;
        };
        /** @description An incident in a list. */
        IncidentRowBody: {
            /** @description Accounts of its findings. */
            accounts: string[];
            /** @description Who decided about it last. */
            assignee?: string | null;
            /** @description When it changed last. */
            changed_at: string;
            /** @description Color of its longest chain. */
            color: components["schemas"]["ColorBody"];
            /** @description Detectors of its findings. */
            detectors: string[];
            /**
             * Format: int64
             * @description Findings that hold.
             */
            findings: number;
            /** @description Its first event. */
            first_seen: string;
            /** @description Whether it rose, came back or has another finding since people decided. */
            has_news: boolean;
            /**
             * Format: int32
             * @description Hops of its longest chain.
             */
            hops: number;
            /** @description Its id. */
            id: string;
            /** @description Its last event. */
            last_seen: string;
            /** @description Numbers of the suppressions that have muted it, wholly or in part. */
            muted_by: number[];
            /** @description Where it begins. */
            origin: components["schemas"]["IncidentOrigin"];
            /** @description How grave it is. */
            severity: components["schemas"]["SeverityBody"];
            /** @description Whether it holds: `open` or `withdrawn`. */
            state: string;
            /** @description Where it stands with people. */
            status: components["schemas"]["StatusBody"];
            /** @description What happened. It holds text from logs. */
            title: string;
        };
        /** @description A value that is read, or asked for, when a command is run. */
        InputBody: {
            /** @description The command whose output it is; none where a person says it. */
            argv?: string[];
            /** @description What stands in the arguments for it. */
            marker: string;
            /** @description The variable of the shell that holds it, where a person says it. */
            variable?: string | null;
            /** @description What to say, where a person says it. */
            what?: string | null;
        };
        /** @description A node or an edge looked at closely. */
        Inspector: {
            /** @description Addresses that it was used from. */
            addresses: string[];
            /** @description What is known about the workload, where it is one. */
            background?: Record<string, never> | null;
            /** @description Clients that it was used with. */
            clients: string[];
            /** @description Its color. */
            color: components["schemas"]["ColorBody"];
            /** @description Ids of the events that prove it. */
            event_ids: string[];
            /** @description What is known of it. */
            facts: components["schemas"]["Fact"][];
            /** @description Findings about it. */
            finding_ids: string[];
            /** @description Its name within the graph. */
            id: string;
            /** @description Its kind. */
            kind: string;
            /** @description `node` or `edge`. */
            of: string;
            subject?: components["schemas"]["Fact"] | null;
            /** @description Its title. */
            title: string;
            /** @description What this credential did, most frequent first. */
            uses: components["schemas"]["Use"][];
            /** @description Why it has this color, a sentence each. */
            why: string[];
        };
        /** @description Something that outlives the session that did it. */
        LeftBehindBody: {
            /** @description Its key. */
            access_key_id?: string | null;
            /** @description Its account. */
            account_id?: string | null;
            /** @description The event. */
            event_id?: string | null;
            /** @description The call. */
            event_name: string;
            /** @description The service. */
            event_source: string;
            /** @description When. */
            event_time: string;
            /**
             * Format: int32
             * @description Hop of the session that did it.
             */
            hop: number;
            /** @description Whether it gives access. */
            is_access: boolean;
            /** @description What it is. */
            kind: string;
            /** @description Its name. */
            name?: string | null;
            /** @description What to know about it. */
            remarks: string[];
            /** @description From where. */
            source_ip_address?: string | null;
            /** @description Technique of ATT&CK. */
            technique: string;
        };
        /** @description A line of a timeline: calls of one kind of one credential. */
        Moment: {
            /** @description Color of the credential. */
            color: components["schemas"]["ColorBody"];
            /**
             * Format: int64
             * @description Calls.
             */
            count: number;
            /** @description How it failed. */
            error_code?: string | null;
            /** @description One of the calls. */
            event_id?: string | null;
            /** @description The call. */
            event_name: string;
            /** @description The service. */
            event_source: string;
            /**
             * Format: int32
             * @description Hop of the credential.
             */
            hop: number;
            /** @description `key_moment` where it hands out a credential or leaves something behind, else `use`. */
            kind: string;
            /** @description The last call. */
            last: string;
            /** @description The node that made them, if it is in the graph. */
            node_id?: string | null;
            /** @description From where. */
            source_ip_address?: string | null;
            /** @description The first call. */
            time: string;
            /** @description With what. */
            user_agent?: string | null;
            /** @description Role and session, or user. */
            who: string;
        };
        /** @description A note that somebody writes. */
        NewNote: {
            /** @description What it says; at most 16 KiB, and not blank. */
            text: string;
        };
        /** @description A suppression that somebody wants; whoever asks for it owns it. */
        NewSuppression: {
            /** @description Only findings of this detector. */
            detector?: string | null;
            /** @description Until when; within a year. */
            expires_at: string;
            /** @description Why; not blank. */
            reason: string;
            /** @description What it is about: `account`, `incident`, `origin` or `role`. */
            scope: string;
            /** @description Which of that kind. */
            value: string;
        };
        /** @description A tick that somebody sets or takes back. */
        NewTick: {
            /** @description Whether the step is done. */
            done: boolean;
        };
        /** @description A decision. */
        NewTriage: {
            /** @description What else to write down; what is there stays unless given. */
            note?: string | null;
            /** @description Why; at most 16 KiB, and not blank. */
            reason: string;
            /** @description The new status. */
            status: components["schemas"]["StatusBody"];
        };
        /** @description The news that `/live` streams, as the data of server-sent events. */
        News: {
            /** @description What became of it: `new`, `changed`, `withdrawn`, `triage`, `note` or `tick`. */
            change: string;
            /** @enum {string} */
            event: "incident";
            /** @description Which. */
            id: string;
        } | {
            /** @enum {string} */
            event: "suppressions";
        } | {
            /** @enum {string} */
            event: "source";
            /**
             * Format: int64
             * @description Seconds behind.
             */
            lag_secs?: number | null;
            /** @description Its name. */
            name: string;
        } | {
            /** @description Time of the newest event. */
            as_of: string;
            /** @enum {string} */
            event: "as_of";
        };
        /** @description A node. */
        NodeBody: {
            /** @description Its account. */
            account?: string | null;
            /** @description `NEW`, `MOD` or `DEL` for artifacts, `ELSEWHERE` for addresses. */
            badge?: string | null;
            /** @description Color of the hop that led here. */
            color: components["schemas"]["ColorBody"];
            /** @description Findings about it. */
            finding_ids: string[];
            /** @description When it appeared. */
            first_seen?: string | null;
            group?: components["schemas"]["GroupBody"] | null;
            /**
             * Format: int32
             * @description Number of the hop that led here.
             */
            hop: number;
            /** @description Its name within the graph. */
            id: string;
            /**
             * @description `access_key`, `address`, `artifact`, `aws_service`, `ec2_instance`, `external_account`,
             *     `group`, `iam_user`, `identity_provider`, `role_session` or `unknown`.
             */
            kind: string;
            /** @description Title: a role's name, a key, an address. */
            label: string;
            /** @description Whether it lies on an orange or red path. */
            on_path: boolean;
            /**
             * Format: int32
             * @description Distance from the origin: the column.
             */
            rank: number;
            /** @description Second line: session name, key, account, time. */
            sublabel?: string;
        };
        /** @description Something that cannot be seen. */
        NotSeen: {
            /** @description What. */
            what: string;
            /** @description Why, and what to do. */
            why: string;
        };
        /** @description A note. */
        Note: {
            /** @description When. */
            at: string;
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
            /** @description What it says. */
            text: string;
            /** @description Who wrote it. */
            who: string;
        };
        /** @description Where a lineage begins. */
        OriginBody: {
            /** @description Its key. */
            access_key_id?: string | null;
            /** @description Its account. */
            account_id?: string | null;
            /** @description The instance. */
            instance_id?: string | null;
            /** @description Its kind, such as `ec2_instance`. */
            kind: string;
            /** @description Its principal. */
            principal_arn?: string | null;
            /** @description Who signed in, or what ran. */
            subject?: string | null;
        };
        /** @description What is going on. */
        Overview: {
            /**
             * Format: int64
             * @description Suppressions that mute at the moment.
             */
            active_suppressions: number;
            /** @description Open incidents by the age of their last event before the newest event of all. */
            ages: components["schemas"]["AgeCount"][];
            /** @description Time of the newest event that was analyzed. */
            as_of?: string | null;
            /**
             * Format: int64
             * @description Records that were read, repetitions included.
             */
            events: number;
            /** @description The gravest open incidents, at most ten. */
            gravest: components["schemas"]["IncidentRowBody"][];
            /** @description Whether everything that the store holds was analyzed. */
            is_ready: boolean;
            /** @description What cannot be seen. */
            not_seen: components["schemas"]["NotSeen"][];
            /** @description The time. */
            now: string;
            /**
             * Format: int64
             * @description Objects that were read.
             */
            objects: number;
            /** @description Open incidents by severity. */
            open: components["schemas"]["SeverityCounts"];
            /** @description Sources. */
            sources: components["schemas"]["SourceBody"][];
            /**
             * Format: int64
             * @description Open incidents that nobody has looked at.
             */
            untouched: number;
        };
        /** @description A plan with its ticks. */
        PlanBody: {
            plan?: components["schemas"]["PlanDocument"] | null;
            /** @description Steps that were done. */
            ticks: components["schemas"]["Tick"][];
        };
        /** @description What to do about an incident, in order. */
        PlanDocument: {
            /** @description The accounts of the chain. */
            accounts: string[];
            /** @description The credentials of the chain. */
            credentials: components["schemas"]["CredentialStanding"][];
            /**
             * Format: int64
             * @description Credentials that are not listed.
             */
            credentials_left_out: number;
            /** @description Credentials that were issued before this time are revoked. */
            cut_off: string;
            /** @description The incident. */
            incident_id: string;
            /** @description Number of the form. */
            schema: string;
            /** @description What to do, in order. */
            steps: components["schemas"]["StepBody"][];
            /** @description Time of the last event of the chain. */
            t0: string;
            /** @description What happened, in one line. */
            title: string;
            /** @description What to know before the first step. */
            warnings: string[];
            /** @description When the last credential of the chain has expired. */
            watch_until: string;
        };
        /** @description What has to be so for a step to have anything to do. */
        PreconditionBody: {
            /** @description How to see it. */
            command: components["schemas"]["CommandBody"];
            /** @description What that has to give. */
            expect: components["schemas"]["ExpectBody"];
            /** @description In words. */
            what: string;
        };
        /**
         * @description What somebody may do.
         * @enum {string}
         */
        Role: "viewer" | "analyst" | "admin";
        /** @description Who is signed in. */
        SessionBody: {
            /** @description Value of the header `X-Rolecall-CSRF` of every write. */
            csrf: string;
            /** @description When the session ends. */
            expires_at: string;
            /** @description What they may do. */
            role: components["schemas"]["Role"];
            /** @description Name that stands in the audit. */
            user: string;
            /** @description Version of the program. */
            version: string;
        };
        /** @description Settings of one section of the configuration. */
        SettingBody: {
            /** @description Where it comes from: `default`, a file with its line, a variable, a flag. */
            from: string;
            /** @description The setting, such as `store.path`. */
            key: string;
            /** @description Its value as TOML; absent where there is none. */
            value?: string | null;
        };
        /** @description Settings. */
        SettingList: {
            /** @description The sections of the configuration with their settings; secrets are masked. */
            items: components["schemas"]["SettingBody"][];
            /** @description Folder of the store. */
            store: string;
            /** @description Version of the program. */
            version: string;
        };
        /**
         * @description How grave something is.
         * @enum {string}
         */
        SeverityBody: "informational" | "low" | "medium" | "high" | "critical";
        /** @description Open incidents by severity. */
        SeverityCounts: {
            /**
             * Format: int64
             * @description Critical ones.
             */
            critical: number;
            /**
             * Format: int64
             * @description High ones.
             */
            high: number;
            /**
             * Format: int64
             * @description Informational ones.
             */
            informational: number;
            /**
             * Format: int64
             * @description Low ones.
             */
            low: number;
            /**
             * Format: int64
             * @description Medium ones.
             */
            medium: number;
        };
        /** @description What is exchanged for a session. */
        SignIn: {
            /** @description The one-time token of the address's fragment. */
            token: string;
        };
        /** @description How one can sign in. */
        SignInWays: {
            /** @description By the identity provider: open `/api/v1/sign-in` where it is so. */
            oidc: boolean;
            /** @description By the one-time token that the program prints at its start. */
            token: boolean;
        };
        /** @description A source of logs. */
        SourceBody: {
            /**
             * Format: int64
             * @description Objects or messages that are known and not read yet.
             */
            backlog: number;
            /** @description Why it cannot go on, and why its log files cannot be verified. */
            error?: string | null;
            /**
             * Format: int64
             * @description Records that were read since the start.
             */
            events: number;
            /** @description Whether it has read what was there at the start. */
            is_caught_up: boolean;
            /** @description Its kind, such as `folder` or `sqs`. */
            kind: string;
            /**
             * Format: int64
             * @description Seconds between the newest event and the time.
             */
            lag_secs?: number | null;
            /** @description When it looked last without an error. */
            looked_at?: string | null;
            /** @description Its name. */
            name: string;
            /**
             * Format: int64
             * @description Objects that were kept since the start.
             */
            objects: number;
            /** @description Where it looks. */
            place: string;
            /**
             * Format: int64
             * @description Records and objects that could not be read.
             */
            skipped: number;
        };
        /** @description Sources. */
        SourceList: {
            /** @description All of them, by name. */
            items: components["schemas"]["SourceBody"][];
        };
        /**
         * @description Where an incident stands with people.
         * @enum {string}
         */
        StatusBody: "new" | "in_progress" | "suppressed" | "resolved" | "archived";
        /** @description A step. */
        StepBody: {
            /** @description Account to do it in. */
            account_id?: string | null;
            /** @description Who else is affected. */
            affects: components["schemas"]["AffectedBody"][];
            /**
             * Format: int64
             * @description Others who are affected and not listed.
             */
            affects_left_out: number;
            check?: components["schemas"]["CheckBody"] | null;
            command?: components["schemas"]["CommandBody"] | null;
            /** @description When to do it, if not always. */
            condition?: string | null;
            /** @description Where in AWS's console. */
            console: components["schemas"]["ConsoleBody"];
            /** @description Its name, the same when the plan grows. */
            id: string;
            /** @description Permissions that it takes. */
            needs: string[];
            /**
             * @description `preserve`, `contain`, `cut_origin`, `remove_persistence`, `close_way_back`, `recover` or
             *     `verify`.
             */
            phase: string;
            precondition?: components["schemas"]["PreconditionBody"] | null;
            preview?: components["schemas"]["CommandBody"] | null;
            /** @description Where the facts come from. */
            references: string[];
            /** @description Why there is no command, where a value of the logs may not enter one. */
            refused?: string | null;
            /** @description Region to do it in. */
            region?: string | null;
            /** @description Whether the command is run again for as long as the precondition holds. */
            repeats?: boolean;
            /** @description What it may break: `safe`, `disruptive` or `destructive`. */
            risk: string;
            /** @description What it sets, which somebody might undo. */
            sets: Record<string, never>[];
            /** @description What to do. */
            title: string;
            /** @description How to go back. */
            undo: components["schemas"]["CommandBody"][];
            /** @description What there is to know about going back. */
            undo_note?: string | null;
            /** @description What it does and why. */
            why: string;
        };
        /** @description A step of a lineage. */
        StepOfTrace: {
            /** @description Its keys. */
            access_key_ids: string[];
            /**
             * Format: int64
             * @description Calls that it made.
             */
            calls: number;
            /** @description Its color. */
            color: components["schemas"]["ColorBody"];
            /** @description How sure it is. */
            confidence: string;
            /**
             * Format: int32
             * @description How deep it lies.
             */
            depth: number;
            /**
             * Format: int32
             * @description Hops to it.
             */
            hop: number;
            /** @description How it was handed out. */
            how?: string;
            /** @description What it left behind. */
            left_behind: string[];
            /** @description Its principal. */
            principal_arn?: string | null;
            /** @description When. */
            time?: string | null;
            /** @description Role and session, or user. */
            who: string;
        };
        /** @description What the logs say about a credential, a role, a user or an instance. */
        SubjectBody: {
            /** @description Addresses that it was used from, with how many calls. */
            addresses: components["schemas"]["SubjectUse"][];
            /** @description Clients that it was used with, with how many calls. */
            clients: components["schemas"]["SubjectUse"][];
            /** @description Calls a day. */
            days: components["schemas"]["SubjectUse"][];
            /** @description What was asked for. */
            id: string;
            /** @description Incidents that name it. */
            incident_ids: string[];
            /** @description Its kind: `credential`, `role`, `user` or `instance`. */
            kind: string;
            /** @description Its sessions, those that led furthest first. */
            parts: components["schemas"]["SubjectPart"][];
            /**
             * Format: int64
             * @description Sessions that are not listed.
             */
            parts_left_out: number;
            /** @description Others that handed the same out, or that were handed it: name and calls. */
            peers: components["schemas"]["SubjectUse"][];
            /** @description What it did, most frequent first. */
            uses: components["schemas"]["SubjectUse"][];
        };
        /** @description A credential or session, both ways. */
        SubjectPart: {
            /** @description The way to it. */
            ancestry: components["schemas"]["StepOfTrace"][];
            /** @description Whether there may be more before. */
            at_least: boolean;
            /** @description It, and what it handed out. */
            descendants: components["schemas"]["StepOfTrace"][];
            /**
             * Format: int64
             * @description What it handed out and is not listed.
             */
            descendants_left_out?: number;
            /** @description What it did. */
            moments: components["schemas"]["Moment"][];
            /**
             * Format: int64
             * @description Lines that are not listed.
             */
            moments_left_out?: number;
            /** @description Where its lineage begins. */
            origin: components["schemas"]["OriginBody"];
        };
        /** @description A name and how often. */
        SubjectUse: {
            /**
             * Format: int64
             * @description How often.
             */
            count: number;
            /** @description The name. It may be text from logs. */
            name: string;
        };
        /** @description Why a suppression is ended. */
        SuppressionEnd: {
            /** @description Why; not blank. */
            reason: string;
        };
        /** @description Suppressions. */
        SuppressionList: {
            /** @description All of them, latest first, those that ended as well. */
            items: components["schemas"]["SuppressionRow"][];
            /**
             * Format: int64
             * @description How many there are.
             */
            total: number;
        };
        /** @description A suppression. */
        SuppressionRow: {
            /** @description Since when. */
            created_at: string;
            /** @description Only findings of this detector. */
            detector?: string | null;
            /** @description When somebody ended it. */
            ended_at?: string | null;
            /** @description Until when. */
            expires_at: string;
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
            /** @description Whether it mutes at the moment. */
            is_active: boolean;
            /**
             * Format: int64
             * @description Incidents that it has muted, wholly or in part.
             */
            muted: number;
            /** @description Who answers for it. */
            owner: string;
            /** @description Why. */
            reason: string;
            /** @description What it is about: `account`, `incident`, `origin` or `role`. */
            scope: string;
            /** @description Which of that kind. */
            value: string;
        };
        /** @description A step of a plan that was done. */
        Tick: {
            /** @description When it was ticked. */
            at: string;
            /** @description Whether the step's command is another one since. */
            is_stale: boolean;
            /** @description Id of the step. */
            step: string;
            /** @description Who did it. */
            who: string;
        };
        /** @description A timeline. */
        TimelineBody: {
            /** @description Its lines, oldest first. */
            items: components["schemas"]["Moment"][];
            /**
             * Format: int64
             * @description Lines that are not kept, because there were too many.
             */
            left_out: number;
        };
        /** @description What people decided about an incident. */
        TriageBody: {
            /** @description When. */
            at?: string | null;
            /** @description Whether the last decision can be undone. */
            can_undo: boolean;
            /** @description What else was written down with the decision. */
            note?: string;
            /** @description Why. */
            reason?: string;
            /** @description Where it stands. */
            status: components["schemas"]["StatusBody"];
            /** @description Who decided last. */
            who?: string | null;
        };
        /** @description What undoing came to. */
        Undone: {
            /** @description What holds since. */
            triage: components["schemas"]["TriageBody"];
        };
        /** @description Calls of one kind. */
        Use: {
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /** @description How it failed. */
            error_code?: string | null;
            /** @description The call. */
            event_name: string;
            /** @description The service. */
            event_source: string;
            /** @description First of them. */
            first: string;
            /** @description Last of them. */
            last: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    audit: {
        parameters: {
            query?: {
                /** @description Where the page begins: `next_cursor` of the one before. */
                cursor?: number;
                /** @description Lines of a page; 50 unless given, 500 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What people changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
        };
    };
    event: {
        parameters: {
            query?: {
                /** @description When it happened (RFC 3339, UTC). */
                time?: string;
            };
            header?: never;
            path: {
                /** @description The event's `eventID` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventBody"];
                };
            };
            /** @description It was not found; the message says what to do */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    incidents: {
        parameters: {
            query?: {
                /** @description Severities, with commas between. */
                severity?: string;
                /** @description States of triage, with commas between. */
                status?: string;
                /** @description `open`, which is what there is unless given, or `withdrawn`. */
                state?: string;
                /** @description Accounts, with commas between. */
                account?: string;
                /** @description Detectors, with commas between. */
                detector?: string;
                /** @description Kinds of origin, with commas between. */
                origin_kind?: string;
                /** @description Names in full, with commas between: keys, ARNs, addresses, event ids. */
                names?: string;
                /** @description What the title has in it, or the id begins with. */
                q?: string;
                /**
                 * @description `severity`, `last_seen`, `first_seen`, `changed_at` or `hops`; with `-` before it the
                 *     greatest comes first. `-severity` unless given.
                 */
                sort?: string;
                /** @description Where the page begins: `next_cursor` of the one before, of the same question. */
                cursor?: string;
                /** @description Incidents of a page; 50 unless given, 500 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of incidents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentList"];
                };
            };
            /** @description A filter or the cursor is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The incident */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentBody"];
                };
            };
            /** @description There is no such incident */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    edge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
                /** @description The edge */
                edge: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inspector"];
                };
            };
            /** @description There is no such edge */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    bundle: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bundle, as a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description There is no such incident */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    graph: {
        parameters: {
            query?: {
                /** @description Members `expand` of groups, with commas between: each draws a page of 25 more. */
                expand?: string;
            };
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The graph */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GraphBody"];
                };
            };
            /** @description There is no such incident */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    graph_rows: {
        parameters: {
            query?: {
                /** @description Where the page begins: `next_cursor` of the one before. */
                cursor?: number;
                /** @description Rows of a page; 50 unless given, 500 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rows of the table */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GraphRowList"];
                };
            };
            /** @description There is no such incident */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    node: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
                /** @description The node */
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inspector"];
                };
            };
            /** @description There is no such node */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            /** @description The note */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Note"];
                };
            };
            /** @description Only an analyst may do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description There is no such incident */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The note is blank or too long */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plan; absent where there is nothing to do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanBody"];
                };
            };
            /** @description There is no such incident */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    tick: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
                /** @description The step */
                step: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTick"];
            };
        };
        responses: {
            /** @description The plan with its ticks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanBody"];
                };
            };
            /** @description Only an analyst may do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description There is no such incident or step */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    html: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report, as a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description There is no such incident, or it was withdrawn */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The evidence is not analyzed yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    timeline: {
        parameters: {
            query?: {
                /** @description Lines that end before this time are left out (RFC 3339, UTC, whole seconds). */
                from?: string;
                /** @description Lines that begin after this time are left out. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The timeline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimelineBody"];
                };
            };
            /** @description There is no such incident */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    triage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTriage"];
            };
        };
        responses: {
            /** @description What holds since */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriageBody"];
                };
            };
            /** @description Only an analyst may do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description There is no such incident */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The reason is blank or too long */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    undo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What holds since */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Undone"];
                };
            };
            /** @description Only an analyst may do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description There is nothing to undo */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The news */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["News"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too many listen */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    overview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is going on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    search: {
        parameters: {
            query: {
                /**
                 * @description The begin of a key, an ARN, an account, an address, an event id, a name or the id of an
                 *     incident; three characters at least.
                 */
                q: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What begins so */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundList"];
                };
            };
        };
    };
    session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBody"];
                };
            };
            /** @description Nobody */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Signed in; the cookie is set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBody"];
                };
            };
            /** @description The token is wrong, was used or is over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out; the cookie is taken back */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingList"];
                };
            };
            /** @description Only an admin may see them */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    begin_oidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the identity provider */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    ways: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ways */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInWays"];
                };
            };
        };
    };
    end_oidc: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The code that is exchanged for an ID token. */
                code: string | null;
                /** @description What the way there was begun with. */
                state: string | null;
                /** @description Why the provider refused. */
                error: string | null;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed in: a page that leads on to the console */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The provider or the console refused */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description No role goes with this person */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sources */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceList"];
                };
            };
        };
    };
    subject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `credential`, `role`, `user` or `instance` */
                kind: string;
                /** @description A key, an ARN, a name or an instance, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the logs say */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectBody"];
                };
            };
            /** @description The logs do not have it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The evidence is not loaded yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    suppressions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All suppressions, latest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuppressionList"];
                };
            };
        };
    };
    suppress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSuppression"];
            };
        };
        responses: {
            /** @description The suppression */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuppressionRow"];
                };
            };
            /** @description Only an analyst may do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It has no reason, or ends too late */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuppressionEnd"];
            };
        };
        responses: {
            /** @description It is ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is another one's */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description There is no such suppression that mutes */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The reason is blank */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
