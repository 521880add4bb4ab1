"""Probe of claims."""
import json
from datetime import timedelta
from django.test import Client
from oauth.connections import issue_token
def test_it(acme):
    _, t = issue_token(acme, None, "x", timedelta(hours=1), ["scim"])
    c = Client(headers={"Authorization": f"Bearer {t}"})
    def call(m, p, b=None, **h):
        r = c.generic(m, "/scim/v2"+p, b"" if b is None else json.dumps(b).encode(), content_type="application/scim+json", headers=h)
        print(m, p, json.dumps(b)[:90] if b else "", "->", r.status_code, r.content[:230].decode()); return r
    u = call("POST","/Users",{"userName":"a@x"}).json()["id"]
    assert call("POST","/Users?attributes=userName",{"userName":"b@x","roles":[{"value":"r","primary":"True"}],"urn:x:y:2.0:User":{"k":1,"z":None},"nosuch":1,"userType":7}).status_code==201
    g = call("POST","/Groups",{"displayName":"G","members":[{"value":u}]}).json()["id"]
    g2 = call("POST","/Groups",{"displayName":"H"}).json()["id"]
    call("HEAD","/Users/"+u)
    op=lambda *o: {"Operations":list(o)}
    call("PATCH","/Groups/"+g, op({"op":"add","path":"members","value":[{"value":u}]}))
    call("PATCH","/Groups/"+g+"?attributes=displayName", op({"op":"add","path":"members","value":[{"value":g2}]}))
    call("PATCH","/Groups/"+g, op({"op":"Remove","path":"members","value":[{"value":u}]}), Prefer="return=representation")
    call("PATCH","/Groups/"+g, op({"op":"add","path":"members","value":[{"value":"nope"}]}))
    call("PATCH","/Users/"+u, op({"op":"replace","path":"active","value":None}))
    call("PATCH","/Users/"+u, op({"op":"replace","path":"active","value":False}))
    call("PATCH","/Users/"+u, op({"op":"remove","path":"active"}))
    call("PATCH","/Users/"+u, op({"op":"replace","path":"id","value":"z"}))
    call("PATCH","/Users/"+u, op({"op":"replace","value":{"id":"z"}}))
    for v in ("x1",{"value":"x2"},[{"value":"x3"}],{"value":""}):
        r=call("PATCH","/Users/"+u, op({"op":"Add","path":"manager","value":v})); print(r.json().get("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"))
    for q in ("userName eq a@x",'roles[primary eq "True"]','nickName ne "x"','meta.resourceType eq "User"','userName eq "CONTOSO\\\\ann"'):
        from urllib.parse import quote
        call("GET","/Users?filter="+quote(q)+"&attributes=id")
    for s in ("addresses","name","emails","groups","active","nosuch","meta.created"): call("GET","/Users?attributes=id&sortBy="+s)
    e=call("GET","/Users/"+u+"?excludedAttributes=groups")["ETag"]
    assert call("GET","/Users/"+u+"?excludedAttributes=groups",**{"If-None-Match":e}).status_code==304
    assert call("GET","/Users/"+u,**{"If-None-Match":e}).status_code==200
    call("PATCH","/Users/"+u, op({"op":"replace","path":"title","value":"q"}),**{"If-Match":'W/"99"'})
    call("GET","?aadOptscim062020/Users?filter=userName+eq+%22a@x%22"); call("GET","//Users/?count=0"); call("GET","/Users?count=5000&startIndex=-3&attributes=id")
    call("DELETE","/Users/"+u); call("DELETE","/Users/"+u); call("POST","/Users",{"userName":"A@X"})
