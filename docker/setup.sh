#!/bin/sh
# Puts each secret into the volume of the one service that reads it, for that service's user alone. What is not given is
# made up once, and kept.
#   setup                writes them all
#   setup show <file>    prints one, such as grafana/admin-password
set -eu
umask 077
volumes=${VOLUMES:-/volumes}
config=${ALERTMANAGER_CONFIG:-/etc/alertmanager/alertmanager.yml}

if [ "${1:-}" = show ]; then
	cat "$volumes/$2"
	echo
	exit
fi

languages=${config%/*}/languages
language=${ALERT_LANGUAGE:-en}
if [ "$language" != en ] && [ ! -f "$languages/$language.tmpl" ]; then
	others=$(cd "$languages" && for file in *.tmpl; do printf ', %s' "${file%.tmpl}"; done)
	echo "ALERT_LANGUAGE is \"$language\", and has to be one of: en$others" >&2
	exit 1
fi

# secret <file> <value>: writes what is given; else keeps what is there, or makes something up
secret() {
	if [ -n "$2" ]; then
		printf %s "$2" >"$1"
	elif [ ! -s "$1" ]; then
		head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"$1"
	fi
}

secret "$volumes/edge-token/token" "${EDGE_TOKEN:-}"
secret "$volumes/grafana/admin-password" "${GRAFANA_ADMIN_PASSWORD:-}"
secret "$volumes/grafana/secret-key" ""
secret "$volumes/monitor/heartbeat-token" "${HEARTBEAT_TOKEN:-}"

# Whoever reaches Grafana from elsewhere has to log in.
bind=${BIND:-127.0.0.1}
case $bind in
127.* | ::1 | '[::1]' | localhost) anonymous=true ;;
*) anonymous=false ;;
esac
printf %s "$anonymous" >"$volumes/grafana/anonymous"

printf %s "${ALERT_WEBHOOK_URL:-}" >"$volumes/alertmanager/webhook-url"
printf %s "${ALERT_GENERIC_WEBHOOK_URL:-}" >"$volumes/alertmanager/generic-webhook-url"
case ${ALERT_WEBHOOK_URL:+slack}${ALERT_GENERIC_WEBHOOK_URL:+webhook} in
slackwebhook)
	receiver=slack-and-webhook
	echo "alerts go to Slack, by ALERT_WEBHOOK_URL, and to ALERT_GENERIC_WEBHOOK_URL"
	;;
slack)
	receiver=slack
	echo "alerts go to Slack, by ALERT_WEBHOOK_URL"
	;;
webhook)
	receiver=webhook
	echo "alerts go to ALERT_GENERIC_WEBHOOK_URL"
	;;
*)
	# Delivering to an address that isn't there would fail at each alert.
	receiver=kept
	echo "ALERT_WEBHOOK_URL is not set: alerts are kept and shown, by Alertmanager and Grafana, and sent to nobody"
	;;
esac
sed "s/receiver: slack$/receiver: $receiver/" "$config" >"$volumes/alertmanager/alertmanager.yml"
# Where the links in messages lead, and the words of another language: these take the place of what alertmanager/templates says.
{
	[ "$language" = en ] || cat "$languages/$language.tmpl"
	echo "{{ define \"urls.grafana\" }}${GRAFANA_URL:-http://localhost:3000}{{ end }}"
	if [ -n "${RUNBOOK_URL:-}" ]; then
		echo "{{ define \"links.runbook\" }}<$RUNBOOK_URL/{{ template \"slack.path\" .Annotations.runbook_url }}|{{ template \"language.to_do\" }}>{{ end }}"
	fi
} >"$volumes/alertmanager/links.tmpl"

[ "$anonymous" = true ] || echo "BIND is $bind: Grafana asks everybody to log in"
echo "Grafana's password of admin: docker compose run --rm setup show grafana/admin-password"

chown -R 65534:65534 "$volumes/alertmanager"
chown -R 10001:10001 "$volumes/edge-token" "$volumes/otelcol"
chown -R 472:0 "$volumes/grafana"
chown -R 10010:10010 "$volumes/monitor"
