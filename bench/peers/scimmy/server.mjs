// SCIMMY behind express, as an integrator would set it up: handlers over node-postgres, every statement prepared,
// look-ups by name and pages answered in SQL, memberships read only where they are shown.
import cluster from "node:cluster";
import { randomUUID } from "node:crypto";
import express from "express";
import pg from "pg";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const WORKERS = 2;
const EXPECTED = `Bearer ${process.env.BENCH_TOKEN}`;
const UNIQUE_VIOLATION = "23505";
const { User, Group } = SCIMMY.Resources;

const pool = cluster.isPrimary ? null : new pg.Pool({ max: 8 });
const ask = async (name, text, values = []) => (await pool.query({ name, text, values })).rows;

const shown = (row) => ({
    ...row.document,
    id: row.id,
    meta: { created: row.created, lastModified: row.modified, version: `W/"${row.version}"` },
});

// The value of `attribute eq "value"`; undefined for any other filter.
function sought(filter, attribute) {
    const [name, comparison] = filter?.length === 1 ? (Object.entries(filter[0])[0] ?? []) : [];
    const [operator, value] = Array.isArray(comparison) ? comparison : [];
    return name?.toLowerCase() === attribute.toLowerCase() && operator === "eq" ? value : undefined;
}

async function find(resource, table, attribute, query) {
    if (resource.id) {
        const rows = await ask(`get ${table}`, `SELECT * FROM ${table} WHERE id = $1`, [resource.id]);
        if (rows.length === 0) throw new SCIMMY.Types.Error(404, null, `${resource.id} is not here`);
        return rows;
    }
    const value = sought(resource.filter, attribute);
    if (value !== undefined) return ask(`match ${table}`, `SELECT * FROM ${table} WHERE lower(name) = lower($1)`, [value]);
    if (resource.filter) {
        const everyone = await ask(`all of ${table}`, `SELECT * FROM ${table} ORDER BY id`);
        return everyone.filter((row) => resource.filter.match([shown(row)]).length);
    }
    return page(resource, table, query);
}

// SCIMMY 1.3 passes over the paging of a query string, whose numbers are text: they are read from the request.
async function page(resource, table, query) {
    const startIndex = Math.max(1, Number(query?.startIndex ?? 1));
    const count = Math.min(1000, Number(query?.count ?? 100));
    const [{ total }] = await ask(`count ${table}`, `SELECT count(*)::int AS total FROM ${table}`);
    resource.constraints = { startIndex, count, totalResults: total };
    return ask(`page ${table}`, `SELECT * FROM ${table} ORDER BY id OFFSET $1 LIMIT $2`, [startIndex - 1, count]);
}

async function write(resource, instance, table, attribute) {
    const { id, meta, members, schemas, ...document } = JSON.parse(JSON.stringify(instance));
    const statement = resource.id
        ? `UPDATE ${table} SET name = $2, document = $3, version = version + 1, modified = now() WHERE id = $1 RETURNING *`
        : `INSERT INTO ${table} (id, name, document) VALUES ($1, $2, $3) RETURNING *`;
    const values = [resource.id ?? randomUUID(), document[attribute], document];
    try {
        const [row] = await ask(`${resource.id ? "update" : "insert"} ${table}`, statement, values);
        if (!row) throw new SCIMMY.Types.Error(404, null, `${resource.id} is not here`);
        return row;
    } catch (error) {
        throw error.code === UNIQUE_VIOLATION ? new SCIMMY.Types.Error(409, "uniqueness", "The name is taken") : error;
    }
}

const members = (id) => ask("members", "SELECT person_id AS value FROM membership WHERE team_id = $1", [id]);

async function setMembers(id, wanted) {
    const present = new Set((await members(id)).map(({ value }) => value));
    const coming = [...wanted].filter((value) => !present.has(value));
    const leaving = [...present].filter((value) => !wanted.has(value));
    if (coming.length) await ask("join", "INSERT INTO membership SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING", [id, coming]);
    if (leaving.length) await ask("leave", "DELETE FROM membership WHERE team_id = $1 AND person_id = ANY($2::uuid[])", [id, leaving]);
}

function declare() {
    SCIMMY.Resources.declare(User)
        .extend(SCIMMY.Schemas.EnterpriseUser, false)
        .egress(async (resource, query) => (await find(resource, "person", "userName", query)).map(shown))
        .ingress(async (resource, instance) => shown(await write(resource, instance, "person", "userName")))
        .degress((resource) => ask("delete person", "DELETE FROM person WHERE id = $1", [resource.id]));
    SCIMMY.Resources.declare(Group)
        .egress(async (resource, query) => {
            const groups = (await find(resource, "team", "displayName", query)).map(shown);
            if (query?.excludedAttributes !== "members") for (const group of groups) group.members = await members(group.id);
            return groups;
        })
        .ingress(async (resource, instance) => {
            const group = shown(await write(resource, instance, "team", "displayName"));
            const wanted = new Set((instance.members ?? []).map(({ value }) => value));
            await setMembers(group.id, wanted);
            return { ...group, members: [...wanted].map((value) => ({ value })) };
        })
        .degress((resource) => ask("delete team", "DELETE FROM team WHERE id = $1", [resource.id]));
}

if (cluster.isPrimary) {
    for (let worker = 0; worker < WORKERS; worker += 1) cluster.fork();
    process.on("SIGTERM", () => process.exit(0));
} else {
    declare();
    const app = express();
    app.use("/scim/v2", new SCIMMYRouters({
        type: "bearer",
        docUri: "https://scim.example",
        context: (request) => request.query,
        handler: (request) => {
            if (request.header("Authorization") !== EXPECTED) throw new Error("Unknown token");
            return "bench";
        },
    }));
    app.listen(Number(process.env.PORT), "127.0.0.1");
}
