//! Journeys.

use super::super::Advice;
use super::{live, offline};

pub(super) const ADVICE: [Advice; 14] = [
    offline(
        "bad-share",
        "the shares of an A/B test are percentages of all profiles that reach it, so they sum to 100; one variant at most is the control group",
        "let the shares sum to 100",
        "journeys: [{name: j, steps: [{ab_test: [{name: a, share: 50}, {name: b, share: 40}]}]}]\n",
        "journeys: [{name: j, steps: [{ab_test: [{name: a, share: 50}, {name: b, share: 50}]}]}]\n",
    ),
    offline(
        "bad-webhook",
        "a webhook goes to an http or https address, and headers have names and values of one line",
        "write the address with its scheme, and headers as NAME: VALUE",
        "journeys: [{name: j, steps: [{activate: webhook, url: hooks.example.com}]}]\n",
        "journeys: [{name: j, steps: [{activate: webhook, url: 'https://hooks.example.com/in'}]}]\n",
    ),
    live(
        "connection-unchecked",
        "the list of the account's connections (GET /v4/streaming_task_auths) is no published operation, and it does not answer here or lacks this connection; a wrong connection would be refused only once other things have been written",
        "look at the connection's type and URL prefix in the console's Integrations Hub before you apply",
        "parent_segment_id: '394649'
journeys: [{name: j, steps: [{activate: webhook, connection: demo_webhook, url: 'https://hooks.example.com/in'}]}]
",
        "parent_segment_id: '394649'
journeys: [{name: j, steps: [{activate: webhook, connection: demo_webhook, url: 'https://hooks.example.com/in'}]}]
",
    ),
    offline(
        "env-not-allowed",
        "what an activation takes from a variable goes to the destination, and a plan may come from another person: it names only variables that are meant for it",
        "give the variable a name that begins with TDX_RT_HOOK_, or allow this one with --allow-env NAME",
        "journeys: [{name: j, steps: [{activate: webhook, url: 'https://hooks.example.com/in', api_key_env: HOOK_KEY}]}]\n",
        "journeys: [{name: j, steps: [{activate: webhook, url: 'https://hooks.example.com/in', api_key_env: TDX_RT_HOOK_KEY}]}]\n",
    ),
    offline(
        "journey-state",
        "a journey is launched with a key event that starts it and with steps, and only a launched one can be paused",
        "add trigger_event and steps, or leave it a draft",
        "journeys: [{name: j, state: launched, steps: [{wait: 1h}]}]\n",
        "journeys: [{name: j, state: launched, trigger_event: view, steps: [{wait: 1h}]}]\n",
    ),
    offline(
        "key-in-section",
        "the string has an API key, or a key or token in use on this machine; anyone who asks for the personalization would get it",
        "take it out",
        "personalization_service: {name: web, trigger_event: view, sections: [{name: a, strings: {k: 1/0123456789abcdef0123456789abcdef01234567}}]}\n",
        "personalization_service: {name: web, trigger_event: view, sections: [{name: a, strings: {k: hello}}]}\n",
    ),
    offline(
        "key-in-webhook",
        "the string, or the variable, has an API key of Treasure Data, or a key or token in use on this machine; a webhook would send it to another party",
        "take it out; a key of the destination's own goes into a variable that api_key_env names",
        "journeys: [{name: j, steps: [{activate: webhook, url: 'https://hooks.example.com/in', headers: {X-Key: 1/0123456789abcdef0123456789abcdef01234567}}]}]\n",
        "journeys: [{name: j, steps: [{activate: webhook, url: 'https://hooks.example.com/in', api_key_env: TDX_RT_HOOK_KEY}]}]\n",
    ),
    offline(
        "plain-http",
        "what goes over plain http to another machine can be read and changed in transit",
        "use https; to a receiver on this machine plain http is fine",
        "journeys: [{name: j, steps: [{activate: webhook, url: 'http://hooks.example.com/in'}]}]\n",
        "journeys: [{name: j, steps: [{activate: webhook, url: 'https://hooks.example.com/in'}]}]\n",
    ),
    live(
        "unknown-connection",
        "an activation names a connection that the account does not have",
        "correct the name or the id; a webhook without 'connection' gets one for its host",
        "parent_segment_id: '394649'
journeys: [{name: j, steps: [{activate: webhook, connection: demo_wbehook, url: 'https://hooks.example.com/in'}]}]
",
        "parent_segment_id: '394649'
journeys: [{name: j, steps: [{activate: webhook, connection: demo_webhook, url: 'https://hooks.example.com/in'}]}]
",
    ),
    live(
        "unknown-journey",
        "a jump, a goal or an exit leads to a journey that neither the plan nor the parent segment has",
        "correct the name, or add the journey to the plan",
        "parent_segment_id: '394649'
journeys: [{name: j, steps: [{jump: thanks}]}]
",
        "parent_segment_id: '394649'
journeys: [{name: j, steps: [{jump: thanks}]}, {name: thanks, steps: [end]}]
",
    ),
    offline(
        "unknown-placeholder",
        "a placeholder is nearly the name of an attribute or a stitching key, or is a secret that only the platform knows; whether it is a column of the event's table is checked before anything is written",
        "correct the name, or make sure that the event's table has such a column",
        "attributes: [{name: loyalty_tier, type: imported_batch}]
journeys: [{name: j, steps: [{activate: webhook, url: 'https://hooks.example.com/in', body: '{{loyalty_teir}}'}]}]
",
        "attributes: [{name: loyalty_tier, type: imported_batch}]
journeys: [{name: j, steps: [{activate: webhook, url: 'https://hooks.example.com/in', body: '{{loyalty_tier}}'}]}]
",
    ),
    offline(
        "unknown-stage",
        "a jump leads to a stage that the journey of the plan does not have",
        "correct the stage's name, or leave it out for the first one",
        "journeys: [{name: j, steps: [{jump: {stage: two}}]}]\n",
        "journeys: [{name: j, stages: [{name: one, steps: [{jump: {stage: two}}]}, {name: two, steps: [end]}]}]\n",
    ),
    live(
        "wrong-connection",
        "a connection takes activations of its own type, and webhooks whose URL starts with its prefix",
        "name another connection, or correct the URL",
        "parent_segment_id: '394649'
journeys: [{name: j, steps: [{activate: webhook, connection: demo_webhook, url: 'https://other.example.com/in'}]}]
",
        "parent_segment_id: '394649'
journeys: [{name: j, steps: [{activate: webhook, connection: demo_webhook, url: 'https://hooks.example.com/in'}]}]
",
    ),
    offline(
        "unreachable-step",
        "no profile reaches a step behind 'end' or 'jump', nor one behind branches that all end so, nor a branch behind 'otherwise'",
        "remove it, or move it before them",
        "journeys: [{name: j, steps: [end, {wait: 1h}]}]\n",
        "journeys: [{name: j, steps: [{wait: 1h}, end]}]\n",
    ),
];
