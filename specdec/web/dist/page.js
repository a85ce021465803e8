/* Built by "npm run build" from sources 23575c16acf0c925316b52e38221cfdd055bede48e9d9aedfaa43292808e0e8b */
"use strict";(()=>{var Yi=Object.defineProperty;var tn=(s,t)=>{for(var e in t)Yi(s,e,{get:t[e],enumerable:!0})};var ye={};tn(ye,{exampleOf:()=>sn,folded:()=>on,lineOf:()=>rn,ruleOf:()=>ns,same:()=>an,temperatureOf:()=>en,usualOf:()=>nn});
var ns=(s,t)=>Number(s)===0?"greedy":t==="greedy"?"rejection":t,en=(s,t,e)=>t==="greedy"?0:e||s,sn=({first:s,all:t},e,i)=>!i.
trim()||t.includes(i)?s[e]:i,nn=({usual:s,temperatures:t},e,i,n,r,o)=>{let h=Object.values(s).some(u=>u.drafter===i&&u.
draft_length===n)&&s[e]||{drafter:i,draft_length:n},p=Object.values(t).includes(r)?t[e]??r:r;return[h.drafter,h.draft_length,
p,ns(p,o)]},rn=(s,t)=>s[t],on=(s,...t)=>JSON.stringify(Object.fromEntries(s.map((e,i)=>[e,t[i]]))),an=s=>s;var cn=/\{(\w+)(?:![rs])?(?::[^}]*)?\}/g,ve={};function rs(s){ve=s}function ln(s,t){let e=s.indexOf("."),i=ve[s.slice(0,
e)]?.[s.slice(e+1)];if(i===void 0)throw new Error(`No words under ${s}`);return typeof i=="object"?i[t.n===1?"one":"oth\
er"]:i}function et(s){let t=s.indexOf(".");return Object.hasOwn(ve[s.slice(0,t)]??{},s.slice(t+1))}function jt(s,t={}){
let e=[],i=0,n=ln(s,t);for(let r of n.matchAll(cn))e.push(n.slice(i,r.index),t[r[1]]),i=r.index+r[0].length;return[...e,
n.slice(i)]}var l=(s,t={})=>jt(s,t).map(String).join(""),kt=s=>{if(!s?.key)return String(s??"");let t=Object.entries(s.
values??{}),e=Object.fromEntries(t.map(([i,n])=>[i,n?.key?kt(n):n]));try{let i=jt(s.key,e);if(!i.includes(void 0))return i.
map(String).join("")}catch{}return`${s.key} (${t.map(([i])=>`${i}=${e[i]}`).join(", ")})`};var hn="http://www.w3.org/2000/svg";function ke(s,t,e){for(let[i,n]of Object.entries(t||{}))if(!(n==null||n===!1))if(i===
"on")for(let[r,o]of Object.entries(n))s.addEventListener(r,o);else s.setAttribute(i,n===!0?"":n);for(let i of e.flat(1/0))
i!=null&&s.append(i);return s}var a=(s,t={},...e)=>ke(document.createElement(s),t,e),k=(s,t={},...e)=>ke(document.createElementNS(
hn,s),t,e),z=(s,t)=>{ke(s,t,[])},g=(s,t)=>{s.textContent!==t&&(s.textContent=t)},ft=()=>window.matchMedia("(prefers-red\
uced-motion: reduce)").matches,j=(s,t,e={})=>(s.replaceChildren(...jt(t,e).map(i=>typeof i=="number"?String(i):i)),s);var Ct="specdec-chosen";function Nt(s,t){let e=s.closest(".settings-body");return{tell(){e.dataset[t.name]!==t.value&&(e.
dataset[t.name]=t.value,e.dispatchEvent(new CustomEvent(Ct)))},hear:i=>e.addEventListener(Ct,i),why(i){let n=Object.entries(
i.against).map(([r,o])=>o[e.dataset[r]]);return i.why||n.find(Boolean)||""}}}var V=s=>s.choices.find(t=>t.value===s.value)||
s.choices[0];var os=(s,t,e,i)=>{let n=s.closest(".settings-body"),r=null,o=([h,d])=>a("button",{type:"button",on:{click:()=>{t.value=
d,i("input")}}},h),c=()=>{r!==n.dataset.task&&(r=n.dataset.task,s.replaceChildren(...Object.entries(t.offered[r]||{}).map(
o)))};n.addEventListener(Ct,c),c()};var as=(s,t,e)=>{let i=s.querySelector(".fold"),n=s.querySelector(".fold-text"),r=()=>{let{drafter:h,shape:d,draft_length:p,
branching:u,rule:f,...m}=JSON.parse(t.value),x=l(`settings.task_${m.task}`),w=h==="none"||d==="chain"&&!p;n.textContent=
w?l("settings.summary_none",{task:x}):l("settings.summary",{task:x,drafter:l(`settings.drafter_${h}`),shape:l(`settings\
.summary_${d}`,{length:p,branching:u}),rule:l(`settings.rule_${f}`)})},o=s.closest(".settings"),c=h=>{o.classList.toggle(
"open",h),i.setAttribute("aria-expanded",String(h))};i.addEventListener("click",()=>c(!o.classList.contains("open"))),o.
addEventListener("click",h=>{h.target.closest("button.primary")&&c(!1)}),r(),e("value",r)};var cs={" ":"space","\n":"newline","\r":"newline","	":"tab"},dn=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]|(?! )\p{Zs}/u,
pn=/[\u200d\ufe0f]/,ls=48;function un(s){return`U+${Number(s.codePointAt(0)).toString(16).toUpperCase().padStart(4,"0")}`}
function hs(s,t=ls){let e=[],i="",n=()=>{i&&e.push({kind:"letters",text:i}),i=""},r=Array.from(s);return r.slice(0,t).forEach(
(o,c)=>{let h=pn.test(o)&&c>0&&c<r.length;cs[o]?(n(),e.push({kind:"mark",text:cs[o]})):dn.test(o)&&!h?(n(),e.push({kind:"\
codepoint",text:un(o)})):i+=!i&&/\p{M}/u.test(o)?`◌${o}`:o}),n(),r.length>t&&e.push({kind:"codepoint",text:"…"}),e}
var L=s=>{let t=Array.from(s).slice(0,ls).join("").trim();if(t)return t;let e=s.includes(`
`)?"newline":s.includes("	")?"tab":"space";return l(`stage.spoken_${e}`)};var ds={accepted:{d:"M2.8 8.4 6.3 12 13.2 4.4"},rejected:{d:"M4 4l8 8M12 4l-8 8"},discarded:{d:"M8 5.6a2.4 2.4 0 1 0 0 \
4.8a2.4 2.4 0 1 0 0-4.8z",fill:!0},correction:{d:"M12.6 5.2A5.4 5.4 0 1 0 13.4 8.6M12.9 1.9V5.6H9.2"},bonus:{d:"M8 2.8v\
10.4M2.8 8h10.4"},plain:{d:"M3.2 8h9.6"},lossless:{d:"M2.8 8.4 6.3 12 13.2 4.4"},lossy:{d:"M2.8 5.8h10.4M2.8 10.2h10.4M\
10.8 2.6 5.2 13.4"},space:{d:"M1.6 8.6v3.6h12.8V8.6"},newline:{d:"M13 3v5.6H3.4M6.6 5.2 3.2 8.6l3.4 3.4"},tab:{d:"M1.6 \
8h10M8.4 4.6 11.8 8l-3.4 3.4M14.2 3.8v8.4"},first:{d:"M12.4 3.2 5.6 8l6.8 4.8zM2.6 3.2h1.8v9.6H2.6z",fill:!0},last:{d:"\
M3.6 3.2 10.4 8l-6.8 4.8zM11.6 3.2h1.8v9.6h-1.8z",fill:!0},previous:{d:"M10.4 3 5.4 8l5 5"},next:{d:"M5.6 3l5 5-5 5"},play:{
d:"M4.4 2.6 13.2 8l-8.8 5.4z",fill:!0},pause:{d:"M4 2.8h2.9v10.4H4zM9.1 2.8H12v10.4H9.1z",fill:!0},left:{d:"M13 8H3.4M6\
.8 4.6 3.4 8l3.4 3.4"},right:{d:"M3 8h9.6M9.2 4.6 12.6 8l-3.4 3.4"},pin:{d:"M5.4 2.6h5.2M6.4 2.6v4L4.2 9.2h7.6L9.6 6.6v\
-4M8 9.2v4.4"},theme:{d:"M8 2.2a5.8 5.8 0 1 0 0 11.6z",fill:!0,ring:!0}},$=(s,t="")=>{let e=ds[s],i=k("svg",{class:`mar\
k mark-${s} ${t}`,viewBox:"0 0 16 16","aria-hidden":"true",focusable:"false"});return e.ring&&i.append(k("circle",{cx:8,
cy:8,r:5.8,class:"stroke"})),i.append(k("path",{d:e.d,class:e.fill?"fill":"stroke"})),i},ps=s=>ds[s].d,rt=(s,t)=>{let e=hs(
s,t),i=n=>n.kind==="mark"?$(n.text):a("span",{class:n.kind},n.text);return a("bdi",{class:"piece"},e.map(i))},Q=(s,t,{mark:e=!1,
small:i=!1,tag:n="span",attributes:r={}}={})=>{let o=`chip ${i?"chip-small":""} is-${t}`;return a(n,{...r,class:o},e?$(
t):null,rt(s.piece))};var us="specdec-theme",_e=()=>document.body.classList.contains("dark");function fn(){try{return localStorage.getItem(us)}catch{
return null}}function mn(s){try{localStorage.setItem(us,s)}catch{}}var fs=s=>{s.querySelector(".name").textContent=l("a\
pp.name"),s.querySelector(".tagline").textContent=l("app.tagline");let t=s.querySelector(".theme");t.append($("theme"));
let e=n=>{document.body.classList.toggle("dark",n);let r=l(n?"app.to_light":"app.to_dark");t.setAttribute("aria-label",
r),t.title=r},i=new URLSearchParams(location.search).get("__theme")||fn();e(i==="dark"||i!=="light"&&_e()),t.addEventListener(
"click",()=>{e(!_e()),mn(_e()?"dark":"light")})};var gn=0;function ms(s){let[t,e]=s.lossy?["lossy","settings.lossy"]:["lossless","settings.lossless"];return a("span",{class:`\
rule-badge is-${t}`},$(t),l(e))}var gs=(s,t,e,i)=>{let n=`specdec-picker-${++gn}`,r=Nt(s,t),o=t.choices.map((v,O)=>bn(v,
`${n}-${O}`,t.badges)),c=a("span",{class:"picked"}),h=a("span",{class:"line"}),d=a("span",{class:"line-badge"}),p=a("p",
{class:"about",id:`${n}-about`},d,h),u=a("ul",{role:"listbox",id:`${n}-list`,"aria-label":t.caption,hidden:!0},o.map(v=>v.
node)),f=a("button",{type:"button",role:"combobox",class:"field","aria-haspopup":"listbox","aria-expanded":"false","ari\
a-controls":`${n}-list`,"aria-label":t.caption,"aria-describedby":`${n}-about`},c);s.append(a("span",{class:"label","ar\
ia-hidden":"true"},t.caption),a("div",{class:"holder"},f,u),p);let m=0;function x(){let v=r.why(V(t))&&t.choices.find(F=>!r.
why(F));if(v)return tt(v.value);let O=V(t);g(c,O.name),g(h,O.line),d.replaceChildren(...O.lossy?[ms(O)]:[]),o.forEach(F=>F.
show(r.why(F.choice),F.choice===O))}let w=()=>!u.hidden;function _(v){if(v!==w()){if(u.hidden=!v,f.setAttribute("aria-e\
xpanded",String(v)),!v)return f.removeAttribute("aria-activedescendant");x(),E(),A(o.findIndex(O=>O.choice===V(t)))}}function E(){
let v=f.getBoundingClientRect(),[O,F]=[v.top,window.innerHeight-v.bottom];u.style.maxHeight="none";let vt=u.offsetHeight>
F-16&&O>F;u.classList.toggle("up",vt),u.style.maxHeight=`${Math.max(160,(vt?O:F)-16)}px`}function A(v){m=Math.max(0,Math.
min(o.length-1,v)),o.forEach((O,F)=>O.node.classList.toggle("active",F===m)),f.setAttribute("aria-activedescendant",o[m].
node.id),o[m].node.scrollIntoView({block:"nearest"})}function S(v){r.why(o[v].choice)||(_(!1),t.choices[v].value!==t.value&&
tt(t.choices[v].value))}function tt(v){t.value=v,x(),r.tell(),i("input")}function Zi(v){let O=w()?m:o.findIndex(Rt=>Rt.
choice===V(t)),vt=o.map((Rt,Xi)=>(O+1+Xi)%o.length).find(Rt=>o[Rt].choice.name.toLowerCase().startsWith(v));_(!0),vt!==
void 0&&A(vt)}f.addEventListener("keydown",v=>{let O={ArrowDown:m+1,ArrowUp:m-1,PageDown:m+4,PageUp:m-4,Home:0,End:o.length-
1};if(!(v.ctrlKey||v.metaKey)){if(v.key in O)w()?A(O[v.key]):_(!0);else if(v.key==="Enter"||v.key===" ")w()?S(m):_(!0);else if(v.
key==="Escape"&&w())_(!1);else if(v.key.length===1&&/\S/.test(v.key)&&!v.altKey)Zi(v.key.toLowerCase());else return;v.preventDefault(),
v.stopPropagation()}}),f.addEventListener("click",()=>_(!w())),f.addEventListener("blur",()=>_(!1)),u.addEventListener(
"pointerdown",v=>v.preventDefault()),o.forEach((v,O)=>{v.node.addEventListener("pointermove",()=>O!==m&&A(O)),v.node.addEventListener(
"click",()=>S(O))});let is=()=>{x(),r.tell()};r.hear(x),is(),e("value",is)};function bn(s,t,e){let i=a("span",{class:"w\
hy"}),n=a("span",{class:"head"},a("span",{class:"name"},s.name),e?ms(s):null),r=a("li",{role:"option",id:t},n,a("span",
{class:"what"},s.what),i);return{node:r,choice:s,show:(c,h)=>{g(i,c),i.hidden=!c,r.setAttribute("aria-selected",String(
h)),r.setAttribute("aria-disabled",String(!!c))}}}var bs=s=>s.match(/[^\n]*\n/g)??[],Pt=class{run=null;next=0;end=0;asking=!1;constructor(t,e){this.player=t,this.ask=e}take({
run:t,first:e,lines:i}){t!==this.run&&Object.assign(this,{run:t,next:0,end:0,asking:!1});let n=bs(i);this.end=Math.max(
this.end,e+n.length),this.add(n,e),this.next<this.end&&this.fetch()}add(t,e){if(e>this.next)return;let i=t.slice(this.next-
e);if(!i.length)return;let n=this.next>0;this.next+=i.length,n?this.player.append(i.join("")):this.player.show(i.join(""))}async fetch(){
if(this.asking)return;let{run:t,next:e}=this;this.asking=!0;let i=t===null?"":await this.ask(t,e).catch(()=>"");t===this.
run&&(this.asking=!1,this.add(bs(i),e),this.next===e?this.player.cut():this.next<this.end&&this.fetch())}};var wn=[{size:1e9,letter:"B"},{size:1e6,letter:"M"},{size:1e3,letter:"k"}],B=" ";function M(s){if(s===0||s===1)return String(
s);if(s<1e-4)return`<${B}0.0001`;if(s>.9999)return`>${B}0.9999`;if(s<.01)return s.toFixed(s<.001?4:3);for(let t of[2,3,
4])if(Number(s.toFixed(t))<1)return s.toFixed(t);return`>${B}0.9999`}function ws(s){return s<=1?M(s):s>9999?`>${B}9999`:
s.toFixed(s<10?2:s<100?1:0)}function T(s){let t=Math.round(s*100);return t===0&&s>0?`<${B}1${B}%`:t===100&&s<1?`>${B}99${B}\
%`:`${t}${B}%`}function $e(s,t){for(let e=2;e<17;e++){let i=[s.toFixed(e),t.toFixed(e)];if(i[0]!==i[1]||s===t)return[Number.
isInteger(s)?String(s):i[0],Number.isInteger(t)?String(t):i[1]]}return[String(s),String(t)]}function D(s,t){let[e,i]=[M(
s),M(t)];return e!==i||s===t?[e,i]:$e(s,t)}function Ft(s,t,e,i){let n=e.split(".")[1]?.length??0,r=!Number.isNaN(Number(
e)),o=(h,d)=>(h!==d||s===t)&&(!r||i(Number(h),Number(d)).toFixed(n)===Number(e).toFixed(n)),c=(h,d)=>Number(M(h))===h?M(
h):h.toFixed(d);if(o(M(s),M(t)))return[M(s),M(t)];for(let h=3;h<16;h++){let[d,p]=[c(s,h),c(t,h)];if(o(d,p))return[d,p]}
return[String(s),String(t)]}function Me(s){if(s>=10)return`${s.toFixed(1)}${B}s`;if(s>=1)return`${s.toFixed(2)}${B}s`;let t=s*
1e3;return`${t>=100?t.toFixed(0):t>=.095?t.toFixed(1):t.toFixed(2)}${B}ms`}function Bt(s){for(let{size:t,letter:e}of wn)
if(s>=t)return`${s/t>=10?Math.round(s/t):Number((s/t).toFixed(1))}${e}`;return String(s)}function qt(s){let t=new Date(
s);return Number.isNaN(t.getTime())?String(s):t.toLocaleDateString("en-GB",{day:"numeric",month:"short",year:"numeric",
timeZone:"UTC"})}var Ee=new Map,xs=new Map;function ys(s){Ee=new Map(s.drafters.map(t=>[t.name,t])),xs=new Map(s.rules.map(t=>[t.name,t]))}
var st=s=>xs.get(s)??{},C=s=>s.drafter.name==="none",_t=s=>st(s.settings.rule).formula??!0,vs=({drafter:s},t)=>t?.draft[0]?.
drafter??s.name,U=(s,t)=>{let e=vs(s,t);return et(`stage.guessing_${e}`)?e:"model"},zt=(s,t)=>!C(s)&&Ee.get(vs(s,t))?.probabilities===
!1,ks=s=>et(`stage.rule_${s}`)?l(`stage.rule_${s}`):String(s),Se=(s,t)=>t?l("stage.model_size",{name:s,size:Bt(t)}):s,Ae=({
drafter:s})=>{if(s.model&&s.model!==s.name)return Se(s.model,s.parameters);let t=`stage.drafter_${s.name}`,e=Ee.get(s.name)?.
label||(et(t)?l(t):s.name);return Se(e,s.parameters)},_s=s=>{let{target:t,hardware:e,created:i}=s,n=Se(t.name,t.parameters),
r=C(s)?l("stage.alone",{target:n}):l("stage.models",{target:n,drafter:Ae(s)}),o=["eager","compiled","graphs"].includes(
e.mode)?[l(`stage.mode_${e.mode}`)]:[];return[r,[l("stage.hardware",{name:e.name,dtype:e.dtype}),...o].join(", "),qt(i)]};var Oe={};function Ms(s){Oe=s}var xn=s=>typeof s=="object"&&s!==null&&!Array.isArray(s),$s=(s,{minimum:t,maximum:e,exclusiveMinimum:i,
exclusiveMaximum:n})=>Number.isFinite(s)&&!(s<t||s>e||s<=i||s>=n),yn=(s,{items:t,prefixItems:e=[],minItems:i=0,maxItems:n=1/0})=>s.
length>=i&&s.length<=n&&s.every((r,o)=>ot(r,e[o]??(t||{}))),vn=(s,{properties:t={},required:e=[],additionalProperties:i=!0})=>e.
every(n=>Object.hasOwn(s,n))&&Object.entries(s).every(([n,r])=>Object.hasOwn(t,n)?ot(r,t[n]):i&&ot(r,i===!0?{}:i)),kn={
null:s=>s===null,boolean:s=>typeof s=="boolean",string:s=>typeof s=="string",integer:(s,t)=>Number.isInteger(s)&&$s(s,t),
number:(s,t)=>typeof s=="number"&&$s(s,t),array:(s,t)=>Array.isArray(s)&&yn(s,t),object:(s,t)=>xn(s)&&vn(s,t)};function ot(s,t=Oe){
return t.$ref?ot(s,Oe.$defs[t.$ref.split("/").pop()]):t.anyOf?t.anyOf.some(e=>ot(s,e)):t.enum?t.enum.includes(s):t.type?
kn[t.type](s,t):!0}var Z=s=>s.draft.some((t,e)=>t.parent!==e-1),H=s=>s.draft.reduce((t,e,i)=>e.verdict==="accepted"?i:t,-1),at=s=>{let t=H(
s),e=s.draft.filter(i=>i.verdict==="rejected"&&i.parent===t);return e.length?e[e.length-1]:null},W=(s,t)=>t<0?[]:[...W(
s,s[t].parent),t],ct=(s,t)=>{let e=s.filter(n=>n.parent===t.parent),i=e.indexOf(t);return{nth:i+1,of:e.length,before:e.
slice(0,i),next:e[i+1]||null,all:e}},Ss=s=>{let t=[];for(let e of s)t.push(e.parent<0?1:t[e.parent]+1);return t},mt=s=>Ss(
s).reduce((t,e)=>Math.max(t,e),0),Es=s=>{let t=s.draft.map((n,r)=>({verdict:String(n.verdict),place:r})).filter(({verdict:n})=>n===
"accepted"),e=at(s);e&&t.push({verdict:"rejected",place:s.draft.indexOf(e)});let i=Ss(s.draft);for(let n=t.length+1;n<=
Math.max(0,...i);n++)t.push({verdict:"discarded",place:i.indexOf(n)});return t},Te=s=>{let t=s.draft.map(e=>e.parent);return s.
final?[...t,H(s)]:t};function As(s){let t=Array.from({length:s.length+1},()=>[]);return s.forEach((e,i)=>t[e+1].push(i)),
t}var Le=s=>{let t=As(s),e=new Array(s.length).fill(0),i=h=>{let d=[],p=[],u=t[h+1].map(m=>{let x=i(m),w=[[0,0],...x],_=w.
reduce((E,[A],S)=>S<p.length?Math.max(E,p[S]+1-A):E,d.length?-1/0:0);return w.forEach(([E,A],S)=>{S>=d.length&&(d[S]=_+
E),p[S]=_+A}),_}),f=u.length?(u[0]+u[u.length-1])/2:0;return t[h+1].forEach((m,x)=>{e[m]=u[x]-f}),d.map((m,x)=>[m-f,p[x]-
f])},n=i(-1),r=Math.min(0,...n.map(([h])=>h)),o=[];s.forEach((h,d)=>{let p=h<0?{depth:0,row:-r}:o[h];o.push({depth:p.depth+
1,row:p.row+e[d]})});let c=1+Math.max(0,...n.map(([,h])=>h))-r;return{nodes:o,root:{depth:0,row:-r},rows:c,depth:o.reduce(
(h,d)=>Math.max(h,d.depth),0)}},Os=s=>{let t=As(s),e=new Array(s.length),i=0,n=(r,o)=>{for(let c of t[r+1])i+=1,e[c]={depth:o,
row:i},n(c,o+1)};return n(-1,1),{nodes:e,root:{depth:0,row:0},rows:s.length+1,depth:e.reduce((r,o)=>Math.max(r,o.depth),
0)}},Ht=s=>s.reduce(([t,e],i)=>[t+e*i,e*i],[0,1])[0];var Ts=2,Ls={rounds:0,drafted:0,accepted:0,rejected:0,discarded:0,refusals:0,tokens:0,passes:0,seconds:0},_n=["header",
"round","footer"],$n=({draft:s,final:t})=>s.every((e,i)=>e.parent>=-1&&e.parent<i)&&new Set([...s,...t?[t]:[]].map(e=>e.
kind)).size<2,bt=s=>s.header.target.encoder_decoder===!0,X=s=>{let t=s.draft.filter(e=>e.verdict==="accepted");return s.
final?[...t,s.final]:t},Mn=s=>at(s)!==null,It=s=>({acceptance:s.accepted+s.refusals?s.accepted/(s.accepted+s.refusals):
null,perPass:s.passes?s.tokens/s.passes:null,efficiency:s.drafted?s.accepted/s.drafted:null});function Sn(s,t){let e=s.
sums.length?s.sums[s.sums.length-1]:Ls,i=n=>t.draft.filter(r=>r.verdict===n).length;s.rounds.push(t),s.longest=Math.max(
s.longest,t.draft.length),s.deepest=Math.max(s.deepest,mt(t.draft)),s.branched=s.branched||Z(t),s.sums.push({rounds:e.rounds+
1,drafted:e.drafted+t.draft.length,accepted:e.accepted+i("accepted"),rejected:e.rejected+i("rejected"),discarded:e.discarded+
i("discarded"),refusals:e.refusals+Number(Mn(t)),tokens:e.tokens+X(t).length,passes:e.passes+(t.passes?.target??1),seconds:t.
end})}var K=(s,t)=>t>0?s.sums[t-1]:Ls,gt=class s{text="";at=0;line=0;runs=[];error=null;clear(){Object.assign(this,new s)}append(t){
this.text=this.text.slice(this.at)+t,this.at=0}parse({budget:t=1/0,whole:e=!1}={}){let i=performance.now()+t;for(;this.
error===null&&this.at<this.text.length;){let n=this.text.indexOf(`
`,this.at);if(n<0&&!e)return!1;n<0&&(n=this.text.length);let r=this.text.slice(this.at,n);if(this.at=Math.min(n+1,this.
text.length),this.line+=1,r.trim()&&this.take(r),performance.now()>i)return this.error===null&&this.at<this.text.length}
return!1}refuse(t,e){this.error=l("stage.broken_line",{line:this.line,why:l(`stage.broken_${t}`,e)})}take(t){let e;try{
e=JSON.parse(t)}catch{return this.refuse("json")}if(!_n.includes(e?.kind))return this.refuse("kind");if(e.kind==="heade\
r"&&e.schema!==Ts)return this.refuse("schema",{value:String(e.schema),known:Ts});if(!ot(e)||e.kind==="round"&&!$n(e))return this.
refuse("shape");this.place(e)}place(t){let e=this.runs[this.runs.length-1];if(t.kind==="header"){if(e&&!e.footer)return this.
refuse("order");this.runs.push({header:t,rounds:[],footer:null,sums:[],longest:0,deepest:0,branched:!!t.settings.branching})}else
!e||e.footer?this.refuse("order"):t.kind==="footer"?e.footer=t:t.index!==e.rounds.length?this.refuse("index",{value:String(
t.index),expected:e.rounds.length}):Sn(e,t)}};var[En,An]=[.88,1.25],On=.95,Tn=3;function Dt(s){let t=[...s].sort((i,n)=>i-n),e=t.length>>1;return t.length%2?t[e]:(t[e-
1]+t[e])/2}var Ut=s=>s.reduce((t,e)=>t+e,0),Re=({start:s,end:t})=>t-s,Rs=({rounds:s})=>Ut(s.map(Re))/Math.max(1,s.length);
function js(s){let t=new Map;for(let r of s){let o=t.get(r.draft.length);o?o.push(Re(r)):t.set(r.draft.length,[Re(r)])}
let e=[...t.values()].filter(r=>r.length>=Tn&&Dt(r)>0);if(!e.length)return!1;let i=e.flatMap(r=>{let o=Dt(r);return r.slice(
1).map((c,h)=>Math.abs(c-r[h])/o)}),n=Ut(e.map(Ut))/Ut(e.map(r=>r.length*Dt(r)));return Dt(i)>.15||n<En||n>An}function Cs(s,t){
return Rs(t)<On*Rs(s)?"impossible":js(s.rounds)||js(t.rounds)?"scattered":null}var Ln=" ",it=["draft","verify","other"];function Ce(s){return Ne({run:s,ids:[],tokens:[],text:"",offsets:[0],ends:[],
written:[],draft:0,verify:0,draftPasses:0})}function Ne(s){for(let t of s.run.rounds.slice(s.ends.length)){for(let e of X(
t))s.ids.push(e.id),s.tokens.push(e),s.text+=e.text,s.offsets.push(s.text.length);s.ends.push(t.end),s.written.push(s.ids.
length),s.draft+=t.seconds?.draft??0,s.verify+=t.seconds?.verify??0,s.draftPasses+=t.passes?.draft??0}return s}var I=s=>s.
ends.length?s.ends[s.ends.length-1]:0,Wt=s=>!!(s?.run.footer&&!["cancelled","error"].includes(s.run.footer.reason)&&s.ids.
length);function Ns(s){let{passes:t,drafted:e,accepted:i,refusals:n}=K(s.run,s.run.rounds.length),r=I(s),o=s.ids.length;
return{seconds:r,draft:s.draft,verify:s.verify,other:Math.max(0,r-s.draft-s.verify),tokens:o,passes:t,drafted:e,accepted:i,
refusals:n,draftPasses:s.draftPasses,perToken:r/o,perPass:r/t,tokensPerPass:o/t}}function lt(s,t){let[e,i]=[0,s.ends.length];
for(;e<i;){let n=e+i>>1;s.ends[n]<=t+1e-9?e=n+1:i=n}return e}function Ps(s,t){let[e,i]=[Ns(s),Ns(t)],{rule:n,temperature:r}=t.
run.header.settings,o=Math.max(e.tokens,i.tokens),c=0;for(;c<o&&s.ids[c]===t.ids[c];)c+=1;let{lossless:h,coins:d}=st(n),
p=d==="none"||r===0,u=c===o?"same":"differs",f=i.tokensPerPass/e.tokensPerPass,m=Math.max(1,i.perPass/e.perPass),x=h===
void 0?"none":h?p?u:"distribution":"lossy";return{plain:e,speculative:i,speedup:f/m,tokensPerPass:f,roundCost:m,disturbed:Cs(
s.run,t.run),claim:x,same:c}}function Fs(s,t,e,i){for(let n=1;n<5;n++)if((Number(s.toFixed(n))/Number(t.toFixed(n))).toFixed(
i)===e.toFixed(i))return n;return 5}function Bs(s){let t=i=>!C(i)&&i.settings.draft_length!==0;if(s.length>2||s[0]&&t(s[0].
header))return"race.not_a_race";let e=s.map(({header:i})=>JSON.stringify([i.target,i.hardware,i.settings.temperature,i.
prompt.text]));return e.length===2&&e[0]!==e[1]?"race.unlike":null}var $t={shortest:8,right:9,longest:10};function Pe(s){
if(!(s>0)||s>=$t.shortest&&s<=$t.longest)return{kind:"real",times:1,speed:1};let t=s<$t.shortest,e=t?$t.right/s:s/$t.right,
i=e<5?Number(e.toFixed(1)):Math.round(e);return{kind:t?"slowed":"hastened",times:i,speed:t?1/i:i}}var je=(s,t)=>s.toFixed(
t<.1?3:t<10?2:t<100?1:0),N=(s,t)=>`${je(s,t)}${Ln}s`,qs=(s,t,e)=>N(Number(je(s,e))-Number(je(t,e)),e),Kt=(s,t)=>{let e=10**
Math.floor(Math.log10(s/t));return[5,2,1].map(i=>i*e).find(i=>s/i>=t-1e-9)||e};var Rn=" ",Gt=class{whole;width;end;ticks;constructor(){this.done=a("span",{class:"race-rail-done"}),this.knob=a("span",
{class:"race-knob"}),this.scale=a("span",{class:"race-scale"}),this.head=a("span",{class:"race-tick race-tick-head"});let t=[
a("span",{class:"race-rail"}),this.scale,this.done,this.knob,this.head];this.root=a("div",{class:"race-axis",role:"slid\
er",tabindex:"0","aria-valuemin":"0","aria-label":l("race.axis")},...t)}draw(t,e,i){[this.whole,this.width]=[t,e];let n=Kt(
t,Math.max(2,Math.floor(e/150))),r=Math.max(0,-Math.floor(Math.log10(n)+1e-9)),o=[this.tick(t,N(t,t),`race-tick ${i?"ra\
ce-tick-end":""}`)];for(let c=0;c*n<t*(1-1e-9);c++)o.push(this.tick(c*n,c?`${(c*n).toFixed(r)}${Rn}s`:"0","race-tick"));
this.scale.replaceChildren(...o.flatMap(({mark:c,text:h})=>[c,h]));for(let c of o)c.half=c.text.offsetWidth/2;for(let c of o)
c.at=this.inside(c.time/t*e,c.half),c.text.style.left=`${c.at}px`;this.end=o[0],this.ticks=o.filter(c=>c===this.end||c.
at+c.half+10<=this.end.at-this.end.half);for(let c of o)this.ticks.includes(c)||c.text.remove();this.root.setAttribute(
"aria-valuemax",t.toFixed(3))}tick(t,e,i){let n=a("span",{class:"race-tick-mark"});return n.style.left=`${t/this.whole*
this.width}px`,{time:t,mark:n,at:0,half:0,text:a("span",{class:i},e)}}inside(t,e){return Math.min(Math.max(t,e),this.width-
e)}show(t,e){let i=t/this.whole*this.width,n=this.inside(i,this.end.half);this.done.style.transform=`scaleX(${Math.max(
0,i-9)/this.width})`,this.knob.style.transform=`translateX(${i.toFixed(2)}px)`,this.head.style.left=`${n.toFixed(2)}px`,
g(this.head,N(t,this.whole));for(let r of this.ticks)r.text.classList.toggle("is-covered",Math.abs(r.at-n)<r.half+this.
end.half+8);this.root.setAttribute("aria-valuenow",t.toFixed(3)),this.root.setAttribute("aria-valuetext",e)}};var jn=" ",Fe=s=>s<1.995?2:1,Jt=s=>s.toFixed(Fe(s));function Mt(s){let t=s*1e3;return`${t.toFixed(t<9.995?2:t<99.95?1:
0)}${jn}ms`}function Hs({plain:s,speculative:t,tokensPerPass:e}){let i=Math.max(s.seconds,t.seconds),n=e.toFixed(1),r=n===
"1.0"?l("race.summary_passes_one"):l("race.summary_passes",{tokens:n}),o={time:N(t.seconds,i),plain:N(s.seconds,i)};if(s.
tokens===t.tokens)return`${l("race.summary",{...o,n:s.tokens})} ${r}`;let c={each:Mt(t.perToken),plain_each:Mt(s.perToken)},
h={tokens:t.tokens,plain_tokens:s.tokens};return`${l("race.summary_lengths",{...o,...c,...h})} ${r}`}var zs=s=>`⁨${L(
s)}⁩`;function Is({same:s,claim:t},e,i){if(t!=="differs")return"";let[n,r]=[e,i].map(f=>f.tokens[s]);if(!n||!r)return l(
n?"race.ends_earlier_speculative":"race.ends_earlier_plain",{n:s});let o=e.run.rounds[lt(e,e.ends[e.written.findIndex(f=>f>
s)])-1].final,[c,h]=[n,r].map(({id:f})=>(o.top?.find(m=>m[0]===f)||[])[2]),d=l("race.first_difference",{position:s+1,plain:zs(
n.piece),speculative:zs(r.piece)});if(c===void 0||h===void 0)return d;let[p,u]=$e(c,h);return`${d} ${l("race.gap",{plain:p,
speculative:u,dtype:e.run.header.hardware.dtype})}`}function Ds({plain:s,speculative:t}){let{drafted:e,accepted:i,passes:n}=t,
r=(t.draft/n/s.perPass).toFixed(2),o=(t.verify/n/s.perPass).toFixed(2),c=e?{share:T(i/e),accepted:i,n:e}:null,h=c?l("ra\
ce.reason_kept",c):l("race.reason_unguessed");return`${l("race.reason_cost",{draft:r,verify:o})} ${h}`}function Us(s){let{
branching:t,draft_length:e}=s.settings,i=l(`stage.source_${U(s)}`);return Array.isArray(t)?l("race.note_tree",{n:Ht(t),
source:i}):t?l("race.note_dynamic",{n:e,source:i}):e==="auto"?l("race.note_auto",{source:i}):l("race.note",{n:e,source:i})}var Cn=" ",qe=(s,t,...e)=>a("section",{class:`race-panel race-${s}`},a("h3",{class:"race-panel-title"},t),...e),Ws=s=>a(
"p",{class:"race-panel-note"},s);function Be(s,t,e,i){let n=t.reduce((d,[,p])=>d+p,0),o=t.filter(([,d])=>d>0).map(([d,p])=>a(
"span",{class:`race-piece race-${d}`,style:`flex-grow: ${100*p/n}`})),c=a("span",{class:"race-bar",style:`--share: ${n/
e}`,"aria-hidden":"true"},...o),h=a("span",{class:"race-row-cell"},c,a("b",{},i));return a("p",{class:"race-row"},a("sp\
an",{class:"race-row-label"},s),h)}function Ks({plain:s,speculative:t}){let e=Math.max(s.seconds,t.seconds),i=(p,u)=>Be(
l(p),it.map(f=>[f,u[f]]),e,N(u.seconds,e)),n=t.seconds<1,{draft:r,verify:o,other:c}=t,h=p=>n?(p*1e3).toFixed(0):p.toFixed(
2),d=l("race.split_note",{draft:`${h(r)}${Cn}${n?"ms":"s"}`,verify:h(o),other:h(c)});return qe("split",l("race.split"),
i("race.plain_short",s),i("race.speculative_short",t),Ws(d))}function ze({plain:s,speculative:t}){let e=(n,r,o)=>{let c=a(
"b",{class:"race-total-value"},n.tokensPerPass.toFixed(1)),h=a("span",{class:"race-total-note"},l(r,{tokens:n.tokens,n:n.
passes}));return a("p",{class:o?"race-total is-quiet":"race-total"},c,h)},i=a("div",{class:"race-pair"},e(t,"race.passe\
s_speculative"),e(s,"race.passes_plain",!0));return qe("passes",l("race.passes"),i)}function Gs({plain:s,speculative:t,
speedup:e,roundCost:i,tokensPerPass:n}){let[r,o]=[Jt(e),n.toFixed(1)],c=Math.max(s.perPass,t.perPass),h=_=>it.map(E=>[E,
_[E]/_.passes]),[[,d],...p]=h(t),u=t.draftPasses/t.passes,f=Number.isInteger(u)&&u>0&&u<=8?u:1,m=[...Array(f).fill(["dr\
aft",d/f]),...p],x=Fs(n,i,e,Fe(e)),w={cost:i.toFixed(x),tokens:n.toFixed(x),speed:r};return qe("why",l(i>1&&Number(r)!==
Number(o)?"race.why":"race.why_alone",{speed:r,tokens:o}),Be(l("race.one_pass"),h(s),c,Mt(s.perPass)),Be(l("race.one_ro\
und"),m,c,Mt(t.perPass)),Ws(l("race.why_note",w)))}var Nn=["speedup","claim","disturbed"],Vt=class{verdict=a("h2",{class:"race-verdict"});badge=a("span",{class:"race-badg\
e",hidden:!0});summary=a("p",{class:"race-summary",hidden:!0});reason=a("p",{class:"race-reason",hidden:!0});panels=a("\
div",{class:"race-panels",hidden:!0});status=a("p",{class:"race-status heard",role:"status"});final=!1;constructor(t){this.
root=t}show(t,e,i){if(this.final)return;let n=t==="done";for(let o of[this.badge,this.reason,this.panels])o.replaceChildren();
for(let o of Nn)delete this.root.dataset[o];n?this.showResult(e):this.showStanding(t,e,i);for(let o of[this.badge,this.
summary,this.reason,this.panels])o.hidden=!o.textContent;this.final=n||t==="stopped";let r=t==="plain"||t==="speculativ\
e";g(this.status,r?this.verdict.textContent:`${this.verdict.textContent} ${this.summary.textContent}`)}showStanding(t,e,i){
let[n,r]=e,o=r||n,c=t==="empty"?"none":r?"speculative":t==="speculative"?"next":"plain",h=t!=="stopped"?"running":o.run.
footer?.reason==="error"?"failed":"stopped";g(this.verdict,l(`race.${h}_${c}`));let d=h==="failed"&&o.run.footer?.message;
if(d)return g(this.summary,kt(d));let p=o&&{n:o.ids.length,time:N(I(o),i),plain:N(I(n),i)};g(this.summary,l(`race.${h}_${c}\
_note`,p||{}))}showResult(t){let[e,i]=t,n=Ps(e,i);this.root.dataset.claim=n.claim,this.badge.className=`race-badge is-${n.
claim}`,this.badge.append(...Pn(n)),g(this.reason,Is(n,e,i)),n.disturbed?this.showBusy(n):this.showSpeed(n)}showBusy(t){
this.root.dataset.disturbed=t.disturbed,g(this.verdict,l("race.busy")),g(this.summary,l(`race.busy_${t.disturbed}`)),this.
panels.append(ze(t))}showSpeed(t){let{speedup:e,claim:i,same:n}=t,r=Jt(e),o=Number(r)===1?"even":e>1?"faster":"slower";
this.root.dataset.speedup=e.toFixed(4);let c=i==="none"?"":l(`race.text_${i}`,{position:n+1});g(this.verdict,c?l(`race.${o}`,
{speed:r,text:c}):l(`race.${o}_alone`,{speed:r})),g(this.summary,Hs(t)),o!=="faster"&&g(this.reason,[this.reason.textContent,
Ds(t)].filter(Boolean).join(" ")),this.panels.append(Ks(t),ze(t),Gs(t))}},Pn=({claim:s,same:t,plain:e,speculative:i})=>{
let n=Math.max(e.tokens,i.tokens);return s==="same"?[$("accepted"),l("race.badge_same",{n:e.tokens})]:s==="differs"?[$(
"rejected"),l("race.badge_differs",{n:t,total:n})]:s==="lossy"?[$("lossy"),l("race.badge_lossy")]:s==="distribution"?[l(
"race.badge_distribution")]:[]};var Js=[...it,"dots"],Vs=30,Fn=44,Bn=3;function qn(s,t){let e=[],i=null;return s.run.rounds.forEach((n,r)=>{let{draft:o,
verify:c}=n.seconds??{draft:0,verify:0};i=i||{start:n.start,draft:0,verify:0,other:0,tokens:0,rounds:0},i.end=n.end,i.draft+=
o,i.verify+=c,i.other+=Math.max(0,n.end-n.start-o-c),i.tokens+=s.written[r]-(r?s.written[r-1]:0),i.rounds+=1,!((i.end-i.
start)*t<Bn)&&(e.push(i),i=null)}),i?[...e,i]:e}function zn(s,t,e,i){let n=e>=5?1.5:0,[r,o]=[(e-2*n).toFixed(2),i-2*n];
if(!n)return`M${s.toFixed(2)} ${t}h${r}v${i}h-${r}z`;let[c,h]=[`h${r}q${n} 0 ${n} ${n}`,`v${o}q0 ${n} ${-n} ${n}`],[d,p]=[
`h-${r}q${-n} 0 ${-n} ${-n}`,`v${-o}q0 ${-n} ${n} ${-n}`];return`M${(s+n).toFixed(2)} ${t}${c}${h}${d}${p}z`}function Hn(s,t){
let e=qn(s,t),i=e.reduce((d,p)=>Math.max(d,p.tokens),1),n=Math.min(5.5,Fn/i),r=e.length?(e[e.length-1].end-e[0].start)*
t/e.length:10,o=Math.ceil(n*i)+6,c={draft:"",verify:"",other:"",dots:""};for(let d of e){let p=d.start*t,u=(d.end-d.start)*
t,f=Math.min(1.5,u*.2),m=it.filter(S=>d[S]>0),x=u>12?.75:0,w=u-f-x*(m.length-1),_=d.draft+d.verify+d.other,E=p;for(let S of m){
let tt=w*d[S]/_;c[S]+=zn(E,o,tt,Vs),E+=tt+x}let A=(p+(u-f)/2).toFixed(2);for(let S=0;S<d.tokens;S++)c.dots+=`M${A} ${(o-
7-S*n).toFixed(2)}h.01`}let h=Math.max(1,Math.min(4,n*.75,r*.6));return{d:c,dot:h,height:o+Vs,merged:e.some(d=>d.rounds>
1)}}var St=class{tape;scale;width;lead;room;long;stands;telling;heard;paleText;fullText;pen;text;window;playhead;restText;rest;track;all;ink;layers;fields;constructor(t){
this.note=a("span",{class:"race-lane-note"}),this.count=a("span",{class:"race-count"});let e=a("h3",{class:"race-lane-t\
itle"},l(`race.${t}`)),i=a("div",{class:"race-lane-head"},e,this.note,this.count);this.root=a("section",{class:"race-la\
ne","data-lane":t,"aria-label":l(`race.${t}`)},i,this.makeText(t),this.makeTrack())}makeText(t){this.heard=a("span",{class:"\
race-written heard"}),this.all=document.createTextNode(""),this.ink=document.createTextNode(""),this.paleText=a("span",
{class:"race-all","aria-hidden":"true"},this.all),this.fullText=a("span",{class:"race-ink","aria-hidden":"true"},this.ink),
this.pen=a("span",{class:"race-pen","aria-hidden":"true"});let e=a("div",{class:"race-page",dir:"auto"},this.paleText,this.
fullText,this.pen);return this.text=a("div",{class:"race-text",role:"group","aria-label":l(`race.${t}_text`),on:{scroll:()=>this.
fade()}},e,this.heard),this.text}makeTrack(){let t=()=>Object.fromEntries(Js.map(e=>[e,k("path",{class:`race-${e}`})]));
return this.layers=[t(),t()],this.fields=this.layers.map((e,i)=>k("svg",{class:i?"race-full":"race-pale"},...Object.values(
e))),this.window=a("span",{class:"race-window"},this.fields[1]),this.playhead=a("span",{class:"race-playhead"}),this.restText=
a("span",{}),this.rest=a("span",{class:"race-rest",hidden:!0},this.restText),this.track=a("div",{class:"race-track","ar\
ia-hidden":"true"},this.fields[0],this.window,this.rest,this.playhead),this.track}draw(t,e,i){Object.assign(this,{tape:t,
scale:e,width:i});let{d:n,dot:r,height:o,merged:c}=Hn(t,e);this.layers.forEach((d,p)=>{for(let u of Js)d[u].setAttribute(
"d",n[u]);d.dots.setAttribute("stroke-width",r.toFixed(2));for(let[u,f]of Object.entries({width:i,height:o}))this.fields[p].
setAttribute(u,f)});let{text:h}=t;this.lead=h.length-h.trimStart().length;for(let d of[this.all,this.ink])d.data!==h.slice(
this.lead)&&(d.data=h.slice(this.lead));return this.root.dataset.total=t.ids.length,this.root.classList.toggle("is-wait\
ing",!t.run.header),this.room=this.text.clientHeight,this.long=this.text.scrollHeight>this.room,this.long?this.text.tabIndex=
0:this.text.removeAttribute("tabindex"),this.stands=null,c}drawRest(t,e,i){let n=(e-t)*this.scale;this.rest.hidden=i===
null||n<16,!this.rest.hidden&&(this.rest.style.left=`${t*this.scale}px`,this.rest.style.width=`${n}px`,this.restText.hidden=
!1,g(this.restText,i),this.restText.hidden=this.restText.offsetWidth>n-40)}show(t){let{tape:e}=this,i=lt(e,t),n=i?e.written[i-
1]:0,r=Math.round(t*this.scale*devicePixelRatio)/devicePixelRatio;this.window.style.transform=`translateX(${r-this.width}\
px)`,this.fields[1].style.transform=`translateX(${this.width-r}px)`,this.playhead.style.transform=`translateX(${r}px)`;
let{footer:o}=e.run,c=!!o&&t>=I(e)-1e-9;return this.root.classList.toggle("is-finished",c),n!==this.stands&&this.write(
n),{tokens:n,done:c}}tell({tokens:t,done:e},i,n){let{tape:r}=this,{footer:o}=r.run,c=e?Wt(r)?"done":"ended":o?"at":"run\
ning",h=N(o?Math.min(i,I(r)):i,n);j(this.count,`race.count_${c}`,{n:r.ids.length,written:a("b",{},String(t)),total:String(
r.ids.length),time:h})}write(t){this.stands=this.root.dataset.written=t;let e=Math.max(0,this.tape.offsets[t]-this.lead),
i=this.endOf(e),{left:n,top:r,bottom:o}=i,c=i.rtl?"100%":"0",h=i.rtl?"0":"100%",d=`${c} -9px, ${h} -9px, ${h} ${r}px`,p=`${n}\
px ${r}px, ${n}px ${o}px, ${c} ${o}px`;this.fullText.style.clipPath=`polygon(${d}, ${p})`,this.pen.style.transform=`tra\
nslate(${n-1}px, ${(r+o)/2-10}px)`,this.long&&(this.text.scrollTop=Math.max(0,o-this.room+30)),this.fade(),clearTimeout(
this.telling),this.telling=setTimeout(()=>g(this.heard,this.ink.data.slice(0,e)),120)}endOf(t){let e=this.fullText.getBoundingClientRect(),
i=getComputedStyle(this.fullText).direction==="rtl",n=document.createRange(),r=Math.max(0,t-1);n.setStart(this.ink,r),n.
setEnd(this.ink,t||Math.min(1,this.ink.length));let o=[...n.getClientRects()].pop();return o?{left:(t===0===i?o.right:o.
left)-e.left,top:o.top-e.top,bottom:o.bottom-e.top,rtl:i}:{left:i?e.width:0,top:0,bottom:0,rtl:i}}fade(){let t=this.long&&
this.text.scrollHeight-this.room-this.text.scrollTop>4;this.text.classList.toggle("goes-on",t)}};var Qs=1e-9,In=.25,Dn={play:"play",pause:"pause",again:"correction"},Qt=class{time=0;speed=1;chosen="pace";playing=!1;due=!1;frame=0;button=a(
"button",{class:"race-play",type:"button",on:{click:()=>this.toggle()}});select=a("select",{class:"race-speed pick","ar\
ia-label":l("race.speed"),on:{change:()=>this.setSpeed()}});constructor(t){this.race=t}get atEnd(){return this.time>=this.
race.whole()-Qs}begin(){this.due=!1,this.time=0,this.play()}play(){if(!this.race.isOpen())return;this.atEnd&&(this.time=
0),this.playing=!0;let t=null,e=i=>{if(!this.playing)return;let n=t===null?0:Math.min(In,(i-t)/1e3);if(t=i,this.seek(this.
time+n*this.speed),this.time>=this.race.whole())return this.pause();this.frame=requestAnimationFrame(e)};this.frame=requestAnimationFrame(
e),this.race.onTime()}pause(){cancelAnimationFrame(this.frame),this.playing&&(this.playing=!1,this.race.onTime())}toggle(){
this.playing?this.pause():this.play()}stop(){this.playing=!1,cancelAnimationFrame(this.frame)}seek(t){this.race.isOpen()&&
(this.time=Math.min(Math.max(0,t),this.race.whole()),this.race.onTime())}offerSpeeds(){let{kind:t,times:e}=Pe(this.race.
whole()),i={pace:l(`race.speed_${t}`,{times:e}),real:l("race.speed_real"),double:l("race.speed_double")},n=Object.entries(
i).filter(([r])=>r!=="real"||t!=="real");this.select.replaceChildren(...n.map(([r,o])=>a("option",{value:r},o))),this.select.
value=this.chosen==="real"&&t==="real"?"pace":this.chosen,this.setSpeed()}setSpeed(){let t={pace:Pe(this.race.whole()).
speed,real:1,double:2};this.chosen=this.select.value,this.speed=t[this.chosen]}show(t){this.button.disabled=t;let e=this.
playing?"pause":!t&&this.atEnd?"again":"play";e!==this.button.dataset.state&&(this.button.dataset.state=e,this.button.setAttribute(
"aria-label",l(`race.${e}`)),this.button.replaceChildren($(Dn[e])))}key(t){let e={ArrowRight:1,ArrowUp:1,ArrowLeft:-1,ArrowDown:-1}[t.
key],i={PageUp:.1,PageDown:-.1}[t.key],n={Home:0,End:this.race.whole()}[t.key],r=t.key===" ";if(!(!e&&!i&&n===void 0&&!r||
t.altKey||t.ctrlKey||t.metaKey)){if(t.preventDefault(),this.due=!1,r)return this.toggle();this.pause(),this.seek(n??(i?
this.time+i*this.race.whole():this.neighbour(e,t.shiftKey)))}}neighbour(t,e){let n=(e?this.race.tapes().slice(-1):this.
race.tapes()).map(r=>t>0?r.ends[lt(r,this.time)]??this.race.whole():r.ends[lt(r,this.time-2*Qs)-1]??0);return t>0?Math.
min(...n):Math.max(...n)}grab(t,e,i){if(t.button!==0||!this.race.isOpen())return;let{left:n,width:r}=i.getBoundingClientRect(),
o=h=>this.seek((h.clientX-n)/r*this.race.whole()),c=()=>{e.removeEventListener("pointermove",o);for(let h of["pointerup",
"pointercancel"])e.removeEventListener(h,c)};t.preventDefault(),i.focus({preventScroll:!0,focusVisible:!1}),this.due=!1,
this.pause(),e.setPointerCapture(t.pointerId),e.addEventListener("pointermove",o);for(let h of["pointerup","pointercanc\
el"])e.addEventListener(h,c);o(t)}};var Un=["eager","compiled","graphs"],Wn=(s,t)=>t?l("race.model",{name:s,size:Bt(t)}):s,Zt=class{tag=a("span",{class:"ta\
g"});text=a("span",{class:"race-source"});constructor(t){this.onRunLive=t,this.runLive=a("button",{type:"button",class:"\
race-run-live quiet-button",hidden:!0,on:{click:()=>this.onRunLive?.()}},l("race.run_live")),this.node=a("div",{class:"\
race-from"},this.tag,this.text,this.runLive)}show(t){let[e,i]=t,{target:n,hardware:r,source:o,created:c}=e.header,h=o===
"recorded";this.runLive.hidden=!h||!this.onRunLive,g(this.tag,l(h?"race.recorded":"race.live"));let d=[Wn(n.name,n.parameters),
...i?[Ae(i.header)]:[]],p=Un.includes(r.mode)?[l(`stage.mode_${r.mode}`)]:[],u=[r.name,r.dtype,...p].join(", ");g(this.
text,l("race.source",{models:d.join(" + "),machine:u,date:qt(c)}))}};var Kn=12,Gn={rounds:[],footer:null},Jn=s=>a("li",{},a("span",{class:`race-swatch race-${s}`}),l(`race.key_${s}`));function Vn([
s,t]){let e=t||s;return s?e.run.footer&&!Wt(e)?"stopped":t?.run.footer?"done":s.run.footer?"speculative":"plain":"empty"}
var He=class{reader=new gt;runs=[];tapes=[];phase="empty";visible=!1;width=0;pending=0;reading=0;problem=a("p",{class:"\
race-problem",role:"status",hidden:!0});playback=new Qt({whole:()=>this.whole(),isOpen:()=>!this.running()&&this.phase!==
"empty",tapes:()=>this.tapes,onTime:()=>this.show()});lanes=[new St("plain"),new St("speculative")];axis=new Gt;merged=a(
"li",{hidden:!0},l("race.merged"));controls=a("div",{class:"race-controls"},this.playback.button,a("span",{class:"picke\
r"},this.playback.select,$("next")),a("ul",{class:"race-key"},[...it,"dots"].map(Jn),this.merged));body=a("div",{class:"\
race-body"},this.lanes.map(t=>t.root),this.axis.root,this.controls);resized=new ResizeObserver(()=>this.later());looked=new IntersectionObserver(
t=>{this.visible=t[t.length-1].isIntersecting,this.begin()});constructor(t,e){this.options=e,this.playback.offerSpeeds(),
this.source=new Zt(e.onRunLive),this.root=t.classList.contains("specdec-race")?t:t.appendChild(a("div",{class:"specdec \
specdec-race"})),this.headline=new Vt(this.root);let{verdict:i,badge:n,summary:r,reason:o,panels:c,status:h}=this.headline,
d=a("div",{class:"race-headline"},i,n);this.root.replaceChildren(this.source.node,this.problem,d,r,o,this.body,c,h),this.
listen(),this.render()}listen(){this.axis.root.addEventListener("keydown",t=>this.playback.key(t));for(let t of[this.axis.
root,...this.lanes.map(e=>e.track)])t.addEventListener("pointerdown",e=>this.playback.grab(e,t,this.axis.root));this.resized.
observe(this.root),this.looked.observe(this.body)}destroy(){this.playback.stop();for(let t of[this.pending,this.reading])
cancelAnimationFrame(t);this.resized.disconnect(),this.looked.disconnect(),this.root.replaceChildren()}restart(t){this.
reader.clear(),this.append(t)}append(t){this.reader.append(t),this.read()}read(){cancelAnimationFrame(this.reading),this.
reader.parse({budget:Kn})?this.reading=requestAnimationFrame(()=>this.read()):this.take()}take(){let{runs:t,error:e}=this.
reader,i=Bs(t),n=e||i&&l(i)||(!t.length&&this.runs.length?l("race.waiting"):""),r=n&&t.length&&t!==this.runs&&this.runs.
length?` ${l("race.kept")}`:"";g(this.problem,n+r),this.problem.hidden=!n,t.length&&(t===this.runs||!e)&&!i&&this.follow(
t),this.later()}follow(t){let e=t===this.runs?this.phase:null;e===null&&(this.playback.pause(),this.tapes=[]),this.runs=
t,this.tapes=t.map((i,n)=>this.tapes[n]?Ne(this.tapes[n]):Ce(i)),this.phase=Vn(this.tapes),this.phase!==e&&(this.running()||
(this.playback.time=this.whole()),this.playback.offerSpeeds(),this.playback.due=this.phase==="done"&&this.options.autoplay!==
!1&&!ft(),this.headline.final=!1)}running(){return this.phase==="plain"||this.phase==="speculative"}whole(){let t=Math.
max(0,...this.tapes.map(I));if(this.phase!=="plain")return t||1;let e=Kt(Math.max(t,.2),1);return(Math.floor(t/e)+1)*e}later(){
cancelAnimationFrame(this.pending),this.pending=requestAnimationFrame(()=>this.render())}render(){let t=this.phase==="e\
mpty";this.root.dataset.phase=this.phase,this.body.hidden=this.source.node.hidden=t,this.headline.show(this.phase,this.
tapes,this.whole()),!t&&(this.introduce(),this.layout(),this.begin())}introduce(){let t=document.activeElement===this.source.
runLive;this.source.show(this.runs),t&&this.runs[0].header.source!=="recorded"&&this.playback.button.focus({preventScroll:!0})}layout(){
if(this.width=this.axis.root.clientWidth,!this.width)return;let t=this.whole(),e=[this.tapes[0],this.tapes[1]||Ce(Gn)];
this.lanes[1].text.style.minHeight=this.running()?`${this.lanes[0].text.offsetHeight}px`:"";let i=this.lanes.map((n,r)=>n.
draw(e[r],this.width/t,this.width));this.merged.hidden=!i.some(Boolean),this.axis.draw(t,this.width,this.phase!=="plain"),
g(this.lanes[0].note,l("race.plain_note")),g(this.lanes[1].note,this.drafterNote()),this.drawRests(t),this.show()}drafterNote(){
return this.tapes[1]?Us(this.runs[1].header):l(this.phase==="plain"?"race.next":this.phase==="speculative"?"race.under_\
way":"race.not_run")}drawRests(t){let e=this.phase==="done"&&!this.root.dataset.disturbed,[i,n]=this.tapes.map(I),r=e&&
this.tapes[0].ids.length===this.tapes[1].ids.length?"race.saved":"race.earlier",o=e?qs(Math.max(i,n),Math.min(i,n),t):"";
this.lanes[0].drawRest(i,n,e&&i<n?l("race.earlier",{time:o}):null),this.lanes[1].drawRest(n,i,e&&n<i?l(r,{time:o}):null)}show(){
let t=this.whole(),e=this.running()?[0,1].map(c=>this.tapes[c]?I(this.tapes[c]):0):[this.playback.time,this.playback.time],
i=Math.min(t,this.running()?e[this.tapes.length-1]:this.playback.time),n=this.lanes.map((c,h)=>c.show(e[h]));this.lanes.
forEach((c,h)=>c.tell(n[h],e[h],t));let[r,o]=n.map(({tokens:c})=>c);this.axis.show(i,l("race.axis_value",{time:N(i,t),plain:r,
speculative:o})),this.root.dataset.time=i.toFixed(3),this.root.dataset.playing=String(this.playback.playing),this.axis.
root.setAttribute("aria-disabled",String(this.running())),this.playback.show(this.running())}begin(){this.playback.due&&
this.visible&&this.width&&this.playback.begin()}},Zs=(s,t={})=>{let e=new He(s,t);return{show:i=>e.restart(i),append:i=>e.
append(i),cut(){},destroy:()=>e.destroy()}};var ht=["guess","check","judge","keep"];function Xs(s,t,e){let i=t.draft.length,n=U(s.header,t);return i?Z(t)?l(`stage.${e}\
_tree_${n}`,{n:i}):l(`stage.${e}_${n}`,{n:i}):l(`stage.${e}_none_${Qn(s,t)||n}`)}function Qn(s,t){let{draft_length:e,branching:i,
max_new_tokens:n}=s.header.settings;return e===0&&!i||t.plan&&t.plan.draft_length===0?"asked":K(s,t.index).tokens+1>=n?
"room":null}var Xt=(s,t,e)=>{let i=t.draft.length,n=Z(t),r=t.draft.filter(c=>c.verdict==="accepted").length;if(C(s.header))
return[l(e<3?"stage.plain_pass":"stage.plain_round"),""];if(e===0)return[Xs(s,t,"guessing"),""];if(e===1)return[i?n?l("\
stage.checking_tree"):l("stage.checking",{n:i}):l("stage.checking_none"),""];let o=Xs(s,t,"guessed");return t.final?t.final.
verdict==="plain"?[o,l("stage.wrote_plain")]:n&&!r?[o,l("stage.kept_none_tree")]:n?[o,l(t.final.verdict==="bonus"?"stag\
e.kept_path_bonus":"stage.kept_path",{n:r})]:t.final.verdict==="bonus"?[o,l("stage.kept_bonus",{n:i})]:[o,r?l("stage.ke\
pt_correction",{n:r}):l("stage.kept_none")]:[o,r?l("stage.kept_ended",{n:r}):l("stage.kept_ended_none")]},Ie=(s,t,e="",i=!1)=>{
if(s.kind==="opaque")return s.verdict==="discarded"&&!i?[l("stage.not_judged")]:[];if(t==="block"&&s.rule&&s.coin!==null)
return Zn(s);if(s.verdict==="discarded")return i?[]:[l("stage.not_judged")];if(t==="greedy")return[l(`stage.${s.verdict===
"accepted"?"match":"mismatch"}${i?"_short":""}`)];if(t==="typical"&&s.rule)return Xn(s);if(s.accept_prob===null)return[];
if(s.accept_prob===0&&s.target_prob===0&&e)return[l("stage.cut",{by:e})];let n=T(s.accept_prob);if(t==="match")return[l(
"stage.chance",{share:n})];let r=[i?n:l("stage.accept",{share:n})];return s.coin!==null&&r.push(l("stage.coin",{coin:D(
s.coin,s.accept_prob)[0]})),r};function Zn(s){let[t,e]=D(s.coin,s.rule.threshold);return[l("stage.threshold",{threshold:e}),
l("stage.coin",{coin:t})]}function Xn(s){let[t,e]=D(s.target_prob,s.rule.threshold);return[l(s.target_prob>s.rule.threshold?
"stage.above":"stage.not_above",{p:t,threshold:e})]}var Et=(s,t)=>{if(!s.footer)return l(t?"stage.ended_running":"stage\
.ended_cut");let{reason:e,message:i}=s.footer;return e==="error"?i?l("stage.ended_error",{message:kt(i)}):l("stage.ende\
d_error_unknown"):["eos","length","stop","cancelled"].includes(e)?l(`stage.ended_${e}`,{limit:s.header.settings.max_new_tokens}):
e};var te=({top_k:s=0,top_p:t=1,min_p:e=0},i,n)=>{let r="parent"in n?n.parent:H(i),o=i.draft.filter(d=>d!==n&&d.parent===r&&
d.verdict==="rejected");if("parent"in n?o.some(d=>i.draft.indexOf(d)<i.draft.indexOf(n)):o.length>1)return"";let h={"to\
p-k":s>0,"top-p":t<1,"min-p":e>0};return Object.entries(h).filter(([,d])=>d).map(([d])=>d).join(" / ")},wt=(s,t)=>{let[
e,i]=t.split(":"),n=s.rounds[Number(e)];if(!n)return null;let r=i==="f"?n.final:n.draft[Number(i)];if(!r)return null;let{
header:o}=s;return{key:t,token:r,round:n,index:Number(e),rule:o.settings.rule,settings:o.settings,family:U(o,n),copied:zt(
o,n),alone:C(o),refused:at(n),branched:Z(n),cut:te(o.settings,n,r)}},Yt=(s,t)=>{let e=s.draft.map((i,n)=>`${t}:${n}`);return s.
final?[...e,`${t}:f`]:e},De=(s,t,e)=>{let i=Number(t.split(":")[0]),n=Yt(s.rounds[i],i),r=n.indexOf(t)+e;if(r>=0&&r<n.length)
return n[r];let o=s.rounds[i+e];if(!o)return null;let c=Yt(o,i+e);return e>0?c[0]:c[c.length-1]},Ys=s=>{let t=s.rounds.
map(i=>{let n=at(i),r=i.draft.filter(h=>h.verdict==="accepted").length;if(!n)return r/(1+s.deepest);let o=n.accept_prob===
null?0:4*n.accept_prob*(1-n.accept_prob),c=i.draft.some(h=>h.verdict==="discarded");return 1+ +(r>0)+Number(c)+o}),e=Math.
max(...t);return e>0?t.indexOf(e):s.rounds.length-1},ti=(s,t,e=!1)=>{let i=t.beat>=2?t.round:e?t.round-1:-1,n=s.rounds[i];
if(!n)return null;let r=at(n);return r?`${i}:${n.draft.indexOf(r)}`:n.final?`${i}:f`:`${i}:${Math.max(0,H(n))}`};var Yn=900,tr=120,er=12,ee=class{node=a("p",{class:"heard","aria-live":"polite","data-test":"heard"});lastAt=0;timer;tell(t,e=""){
this.cancel();let i=performance.now()-this.lastAt;this.timer=setTimeout(()=>this.speak(t(),e),Math.max(tr,Yn-i))}cancel(){
clearTimeout(this.timer)}speak({run:t,round:e,beat:i},n){let r=t.rounds[e],o=Xt(t,r,i).join(" ").trim(),c=i<2?"":sr(t,r,
e);this.lastAt=performance.now();let h=l("stage.heard",{round:e+1,rounds:t.rounds.length,sentence:o,tokens:c});g(this.node,
`${n} ${h}`.trim())}},sr=(s,t,e)=>Yt(t,e).map(i=>wt(s,i)?.token).filter(i=>i.verdict!=="discarded"||!Z(t)).slice(0,er).
map(i=>l("stage.heard_token",{token:L(i.piece),verdict:l(`stage.${i.verdict}`)})).join(", ");var ei={cell:.72,bar:.78},ir={rejected:10,discarded:16},si=(s,t,e,i)=>(s.branched?Es(t):t.draft.map(({verdict:r},o)=>({
verdict:r,place:o}))).map(({verdict:r,place:o},c)=>nr(r,c,`${e}:${o}`,i)),nr=(s,t,e,{left:i,pitch:n,cell:r,bottom:o})=>{
let c=Math.min(4,r*.28),h=n*ei.cell,d=r-c,p=i+(n-h)/2,u=o-(t+1)*r+c,f={class:`cell is-${s}`,"data-token":e};if(s==="acc\
epted")return k("rect",{...f,x:p,y:u,width:h,height:d,rx:Math.min(2.5,d/3)});let m=Math.min(d,h,10)/ir[s],x=`translate(${i+
n/2} ${u+d/2}) scale(${m}) translate(-8 -8)`;return k("path",{...f,d:ps(s),transform:x})},ii=(s,t,e,i,{left:n,pitch:r,bottom:o})=>{
let c=Math.max(2,r*ei.bar),h=n+(r-c)/2,d=f=>e[f]-t[f],p=s.branched?{accepted:d("accepted"),rejected:d("refusals")}:{accepted:d(
"accepted"),rejected:d("rejected"),discarded:d("discarded")},u=o;return Object.entries(p).map(([f,m])=>{let x=m*i;return u-=
x,k("rect",{class:`bar-cell is-${f}`,x:h,y:u,width:c,height:x})})};var rr=24,or=7,G={top:8,height:28},xt={top:48,height:58,most:12},ni=22,ri=48;function Ue(s,t){return It(K(s,t)).acceptance}
var se=class{drawn=!1;run;width;size;pitch;most;asBars;cell;bottom;columns;curve;past;future;point;label;last;firstText;nowText;endText;under;constructor({
onRound:t}){this.onRound=t,this.note=a("span",{class:"chart-note"}),this.art=k("svg",{class:"chart-art",role:"group","a\
ria-label":l("stage.chart"),"data-test":"chart"}),this.node=a("figure",{class:"chart"},a("p",{class:"chart-title"},a("b",
{},l("stage.chart"))," ",this.note),this.art),this.art.addEventListener("click",e=>this.pick(e)),this.columns=[],this.playhead=
{n:0,index:0}}pick(t){let e=t.target.closest("[data-first]");e&&this.onRound(Number(e.dataset.first),e)}draw(t,e){Object.
assign(this,{run:t,width:e,drawn:!0});let i=t.rounds.length,n=Math.max(60,e-ri);this.size=Math.max(1,Math.ceil(i*or/n));
let r=Math.ceil(i/this.size);this.pitch=Math.min(rr,n/Math.max(1,r));let o=t.branched?t.deepest:t.longest;this.most=o,this.
asBars=this.size>1||o>xt.most,this.cell=this.asBars?xt.height:Math.min(14.5,(o>4?72:xt.height)/Math.max(1,o));let c=this.
asBars?xt.height:this.cell*o;this.bottom=xt.top+c;let h=this.bottom+ni;z(this.art,{viewBox:`0 0 ${e} ${h}`,width:e,height:h}),
this.describe(o),this.columns=Array.from({length:r},(f,m)=>this.column(m));let d=this.x(i-1);this.past=k("path",{class:"\
alpha-past"}),this.future=k("path",{class:"alpha-future"}),this.point=k("circle",{class:"alpha-point",r:4}),this.label=
k("text",{class:"alpha-label"}),this.last=k("text",{class:"alpha-last",x:Math.min(e-40,d+14)}),this.under=k("rect",{class:"\
chart-under",height:3,rx:1.5,width:Math.max(8,this.pitch-2),y:this.bottom+1}),this.firstText=k("text",{class:"chart-axi\
s",y:this.bottom+18,"text-anchor":"middle"}),this.nowText=k("text",{class:"chart-axis is-now",y:this.bottom+18,"text-an\
chor":"middle"}),this.endText=k("text",{class:"chart-axis",y:this.bottom+18,"text-anchor":"middle"});let p=[G.top,G.top+
G.height].map(f=>k("path",{class:"chart-grid",d:`M0 ${f}H${Math.min(n,d+this.pitch)}`})),u=this.art.contains(document.activeElement);
this.art.replaceChildren(...p,...this.columns,this.future,this.past,this.point,this.label,this.last,this.under,this.firstText,
this.nowText,this.endText),this.curve=this.measure(),this.show(Math.min(this.playhead.n,i),Math.min(this.playhead.index,
i-1)),u&&this.focusColumn(this.playhead.index)}describe(t){let e={n:t,alpha:l(_t(this.run.header)?"stage.chart_alpha":"\
stage.chart_kept"),size:this.size},i=this.run.rounds.every(r=>r.draft.length===t),n=this.size>1?"stage.chart_grouped":this.
run.branched?"stage.chart_levels":i?"stage.chart_of":"stage.chart_up_to";this.note.replaceChildren(l(n,e),a("span",{class:"\
chart-scale"},` ${l("stage.chart_scale")}`))}x(t){return(Math.floor(t/this.size)+.5)*this.pitch}column(t){let e=t*this.
size,i=this.run.rounds.slice(e,e+this.size),n=K(this.run,e),r=K(this.run,e+i.length),o={left:t*this.pitch,pitch:this.pitch,
cell:this.cell,bottom:this.bottom},c=this.asBars?ii(this.run,n,r,xt.height/(this.most*i.length||1),o):si(this.run,i[0],
e,o),h={x:o.left,y:G.top,width:this.pitch,height:this.bottom-G.top+ni};return k("g",{class:"column",role:"button",tabindex:"\
-1","data-first":e,"aria-label":this.labelOf(e,i.length,n,r)},k("rect",{class:"column-hit",...h}),c)}labelOf(t,e,i,n){let r={
accepted:n.accepted-i.accepted,drafted:n.drafted-i.drafted};return this.size>1?l("stage.chart_group",{first:t+1,last:t+
e,...r}):l("stage.chart_column",{round:t+1,...r})}measure(){let t=[];for(let e=1;e<=this.run.rounds.length;e++){let i=Ue(
this.run,e);i!==null&&(e%this.size===0||e===this.run.rounds.length)&&t.push([e,this.x(e-1),G.top+(1-i)*G.height])}return t}show(t,e){
if(this.playhead={n:t,index:e},!this.drawn)return;let i=this.run.rounds.length,n=Math.floor(e/this.size),r=Math.ceil(t/
this.size);this.columns.forEach((h,d)=>{h.classList.toggle("is-future",d>=r),d===n!=(h.getAttribute("tabindex")==="0")&&
h.setAttribute("tabindex",d===n?"0":"-1")});let o=h=>h.length?`M${h.map(([,d,p])=>`${d.toFixed(1)} ${p.toFixed(1)}`).join(
"L")}`:"",c=this.curve.filter(([h])=>h<=t);this.past.setAttribute("d",o(c)),this.future.setAttribute("d",o(this.curve.filter(
([h])=>h>=t))),this.headline(c,t,i),this.axis(e,i)}headline(t,e,i){let n=Ue(this.run,e),r=Ue(this.run,i),o=t.length>0&&
n!==null,c=o?t[t.length-1]:[0,0,0];for(let p of[this.point,this.label])p.style.display=o?"":"none";if(this.last.style.display=
r===null||e>=i?"none":"",r!==null&&(this.last.textContent=T(r),z(this.last,{y:G.top+(1-r)*G.height+4})),!o)return;z(this.
point,{cx:c[1],cy:c[2]}),this.label.textContent=l(_t(this.run.header)?"stage.alpha_at":"stage.kept_at",{share:T(n)});let h=c[1]>
this.width-ri-40,d=c[2]<G.top+15?c[2]+19:c[2]-9;z(this.label,{x:h?c[1]+4:c[1]+8,"text-anchor":h?"end":"start",y:d})}axis(t,e){
let i=this.x(t),n=this.x(e-1);z(this.under,{x:i-Math.max(8,this.pitch-2)/2});for(let{node:r,at:o,text:c,seen:h}of[{node:this.
nowText,at:i,text:t+1,seen:!0},{node:this.firstText,at:this.x(0),text:1,seen:i-this.x(0)>22},{node:this.endText,at:n,text:e,
seen:n-i>26}])z(r,{x:Math.max(5,o)}),r.style.display=h?"":"none",g(r,String(c))}focusColumn(t){let e=this.columns[Math.
floor(t/this.size)];e&&e.focus()}};var oi=(s,t,e)=>{let i=s.getBoundingClientRect(),n=t.map(({chip:r,to:o})=>({chip:r,from:r.getBoundingClientRect(),to:o.
getBoundingClientRect()}));for(let{chip:r,from:o,to:c}of n){let h=r.cloneNode(!0);for(let u of["data-token","data-test",
"aria-label","style"])h.removeAttribute(u);h.setAttribute("aria-hidden","true"),h.tabIndex=-1,h.className=`${r.className}\
 ghost`,h.style.left=`${o.left-i.left}px`,h.style.top=`${o.top-i.top}px`,s.append(h);let d=`translate(${c.left-o.left}p\
x, ${c.top-o.top-8}px) scale(.9)`,p=h.animate([{transform:"none",opacity:.9},{transform:d,opacity:0}],{duration:e,easing:"\
cubic-bezier(.3,.7,.3,1)"});p.onfinish=p.oncancel=()=>h.remove()}};var ie=class{round=0;beat=0;rounds=0;playing=!1;live=!1;following=!1;speed=1;timer;constructor(t){this.listener=t}get moving(){
return this.playing||this.live&&this.following}get atEnd(){return this.round===this.rounds-1&&this.beat===3}get beatMs(){
return 250/this.speed}reset(t){this.stop(),this.round=0,this.beat=0,this.live=t,this.following=t}set(t,e,i={}){this.round=
Math.min(Math.max(0,t),this.rounds-1),this.beat=Math.min(Math.max(0,e),3),this.listener.onMove(i)}jump(t,e,i={still:!0}){
this.rounds&&(this.stop(),this.following=!1,this.set(t,e,i),this.listener.onState())}visit(t){this.jump(t,3)}step(t){let e=this.
round*4+this.beat+t;e<0||e>=this.rounds*4||this.jump(Math.floor(e/4),e%4,{still:t<0})}toEnd(){this.rounds&&(this.jump(this.
rounds-1,3),this.following=this.live,this.listener.onState())}scrub(t){this.jump(Math.max(1,Math.round(t/4))-1,3,{still:!0,
lazy:!0})}play(){if(!(!this.rounds||this.playing)){if(this.atEnd&&this.live)return this.following=!0,this.listener.onState();
this.listener.onPlay(),this.atEnd&&this.set(0,0),this.playing=!0,this.listener.onState(),this.schedule()}}hold(){this.stop(),
this.following=!1,this.listener.onState()}pause(){this.hold(),this.listener.onPause()}toggle(){this.playing||this.following?
this.pause():this.play()}stop(){this.playing=!1,clearTimeout(this.timer)}schedule(){clearTimeout(this.timer),this.timer=
setTimeout(()=>this.next(),this.beatMs)}next(){if(!this.playing)return;if(this.listener.isHeld())return this.schedule();
if(this.atEnd)return this.stop(),this.following=this.live,this.listener.onState();let t=this.round*4+this.beat+1;this.set(
Math.floor(t/4),t%4),this.schedule()}setSpeed(t){this.speed=t,this.playing&&this.schedule()}};var ar=40,cr=250,lr=1.2,ne=class{run;drawn=null;charted=!1;width=0;charting;later;constructor(t,e,i,n){this.element=t,this.
views=e,this.head=i,this.subject=n}begin(t){this.run=t,this.drawn=null,this.charted=!1,this.views.text.clear(),this.views.
round.relax(),this.makeRoom()}stop(){clearTimeout(this.charting),clearTimeout(this.later),clearTimeout(this.views.text.
sweeping),this.run=null}grow(){let{views:t,run:e,head:i}=this;t.transport.scale(e.rounds.length),t.text.build(e),i.live&&
this.charted?this.chartLater():this.layout()}show(t,{still:e=!1,lazy:i=!1}){clearTimeout(this.later);let n=e||ft();this.
showRun(t),i?this.showLater(n):(this.showRound(n),this.subject.explain(),this.settle()),!n&&this.head.beat===3&&this.fly()}showLater(t){
this.settle([this.views.text]),this.later=setTimeout(()=>{this.showRound(t),this.settle([this.views.round]),this.later=
setTimeout(()=>this.showWhy(),ar)},0)}showRun(t){let{head:e,run:i}=this,{text:n,chart:r,totals:o,transport:c}=this.views,
h=e.beat>=2?e.round+1:e.round;n.show(e.beat===3?e.round+1:e.round,e.beat===3),n.end(t?l(`stage.mark_${t}`):"",!!t&&e.atEnd),
r.show(h,e.round),o.show(i,h),c.place(e,e.rounds)}showRound(t){let{run:e,head:i}=this,{round:n}=this.views;if(this.drawn!==
i.round){let r=n.focusedPlace();n.draw(e,i.round),this.drawn=i.round,n.refocus(r)}n.beat(e,i.beat,{still:t}),this.subject.
relight()}showWhy(){this.subject.explain(),this.settle([this.views.why])}settle(t=[this.views.round,this.views.why,this.
views.text]){let e=t.map(i=>({view:i,seen:i.measure()}));for(let{view:i,seen:n}of e)i.settle(n)}makeRoom(){this.views.text.
whole(!1),this.views.round.tree.rest(!1)}giveRoomBack(){let{round:t,why:e}=this.views;t.relax(),t.tree.rest(!0),e.relax(),
this.subject.explain(),this.settle()}fontsChanged(){this.run&&this.settle([this.views.round.refit(),this.views.text])}resize(){
!this.run||!this.element.clientWidth||this.width!==this.element.clientWidth&&(this.layout(),this.views.transport.scale(
this.run.rounds.length),this.views.why.relax(),this.showRound(!0),this.settle(),this.subject.explained=null,this.showWhy())}chartLater(){
this.charting||(this.charting=setTimeout(()=>this.layout(),cr))}layout(){let{round:t,chart:e,overview:i}=this.views;if(clearTimeout(
this.charting),this.charting=void 0,this.charted=!0,this.width=this.element.clientWidth,!this.width){e.drawn=!1;return}
t.layout(this.width,this.run);let n=this.run.longest===0;e.node.hidden=n,i.classList.toggle("is-plain",n),n?e.drawn=!1:
e.draw(this.run,e.node.clientWidth||this.width)}fly(){let{round:t,text:e}=this.views,i=[...t.chips].map(([n,r])=>({chip:r,
to:e.span(n)})).filter(({chip:n,to:r})=>r&&n.offsetParent);oi(this.element,i,lr*this.head.beatMs)}};var hr=12,re=class{reader=new gt;adopted=!1;live=void 0;slice;constructor(t){this.listener=t}show(t,e){this.reader.clear(),
this.adopted=!1,this.live=e,this.append(t)}append(t){this.reader.append(t),this.read()}cut(){this.live=!1,this.read()}stop(){
clearTimeout(this.slice)}isLive(t){return t.footer||t.header.source!=="live"?!1:this.live??!0}read(){this.stop();let{reader:t,
listener:e}=this,i=t.runs[0]&&this.isLive(t.runs[0]),n=t.parse({budget:hr,whole:!i&&this.live!==!0}),r=t.runs[t.runs.length-
1];if(n&&(this.slice=setTimeout(()=>this.read(),0)),t.error)return this.refuse(t.error,e.hasRun()&&!this.adopted);if(!r)
return n?void 0:this.refuseEmpty();if(!r.rounds.length)return n?void 0:this.explainEmptyRun(r);this.adopted?e.onRounds():
(!n||this.isLive(r))&&(this.adopted=!0,e.onRun(r))}refuse(t,e){this.listener.onNotice(e?l("stage.notice_kept",{sentence:t}):
t)}refuseEmpty(){this.listener.onNotice(l(this.listener.hasRun()?"stage.notice_empty_kept":"stage.notice_empty"))}explainEmptyRun(t){
if(this.isLive(t))return this.listener.onNotice(l("stage.notice_reading"),"quiet");let e=t.footer&&t.footer.reason!=="l\
ength";this.refuse(e?Et(t,!1):l("stage.notice_no_rounds"),this.listener.hasRun())}};var dr=[" ","Home","End"],pr=["ArrowUp","ArrowDown","PageUp","PageDown"],ai=s=>t=>{let e=t.target;if(!s.head.rounds||t.
defaultPrevented||t.ctrlKey||t.metaKey||t.altKey||!ur(s.element,e))return;let i=e.closest?.("input, textarea, select, [\
contenteditable]");i&&i!==s.slider||dr.includes(t.key)&&!s.element.contains(e)||fr(s,t,e)&&t.preventDefault()},ur=(s,t)=>{
if(s.contains(t))return!0;if(t!==document.body&&t!==document.documentElement)return!1;let e=s.getBoundingClientRect();return e.
width>0&&e.bottom>0&&e.top<window.innerHeight},fr=(s,{key:t,shiftKey:e},i)=>{let{head:n,subject:r}=s,o={ArrowRight:1,ArrowLeft:-1}[t];
if(o&&s.why.contains(i))r.step(o);else if(o&&e)s.stepRound(o);else if(o)n.step(o);else if(t==="Home")n.jump(0,0);else if(t===
"End")n.toEnd();else if(t==="Escape"&&r.pinned)r.release();else{if(t===" ")return mr(s,i);if(i===s.slider&&pr.includes(
t))s.stepRound(/Up$/.test(t)?1:-1);else if(t==="Enter"&&i.matches(".column"))n.visit(Number(i.dataset.first));else if(t===
"Enter"&&i.matches(".mask-row"))r.pinTo(i.dataset.token);else return!1}return!0},mr=(s,t)=>{let e=t.closest?.("button");
return e&&!e.matches(".chip")?!1:(t.matches?.(".column")?s.head.visit(Number(t.dataset.first)):s.head.toggle(),!0)};var hi=s=>{let t=C(s)?null:We(s.settings.rule,s.hardware.dtype);if(!t)return[...ci(s),li(s,null)];let e=a("span",{class:"\
key-why",hidden:!0},t.title),i=a("button",{type:"button",class:"badge-button","aria-expanded":"false",on:{click:()=>{e.
hidden=!e.hidden,i.setAttribute("aria-expanded",String(!e.hidden))}}},t);return[...ci(s),li(s,i),e]};function ci(s){let t=()=>a(
"span",{class:"key-more"},` ${l("stage.key_by")}`),e=(r,...o)=>a("span",{class:`key-item key-${r}`},a("span",{class:"ke\
y-line"}),a("span",{},o));if(C(s))return[e("plain",l("stage.key_plain"))];let i=zt(s)?[e("plain",l("stage.key_none"))]:
[],n=l(`stage.key_kept_${U(s)}`);return[e("accepted",n),e("correction",l("stage.key_correction"),t()),e("bonus",l("stag\
e.key_bonus"),t()),...i]}function gr({branching:s,draft_length:t}){return Array.isArray(s)?l("stage.setting_branching",
{value:s.join("·")}):s?l("stage.setting_dynamic",{value:t}):l("stage.setting_draft_length",{value:t})}function li(s,t){
let{settings:e}=s,{rule:i}=e,n=C(s)?[]:[ks(i),gr(e)],r={temperature:0,top_k:0,top_p:1,min_p:0};for(let o of Object.keys(
r))e[o]!==void 0&&e[o]!==r[o]&&n.push(l(`stage.setting_${o}`,{value:e[o]}));return st(i).coins!=="none"&&e.seed!==void 0&&
n.push(l("stage.setting_seed",{value:e.seed})),a("span",{class:"key-settings"},a("span",{},n.join(" · ")),t)}var We=(s,t="")=>{
let{lossless:e,coins:i}=st(s);if(e===void 0)return null;if(!e){let r=l(et(`stage.lossy_${s}`)?`stage.lossy_${s}`:"stage\
.lossy");return a("span",{class:"tag badge is-lossy",title:r},$("lossy"),l("stage.lossy"))}let n=i==="none"&&!/32|64/.test(
t)?"_half":"";return a("span",{class:"tag badge",title:l(`stage.lossless_${s}${n}`,{dtype:t})},$("lossless"),l("stage.l\
ossless"))};var oe=class{tag=a("span",{class:"tag"});origin=a("span",{class:"origin"});key=a("div",{class:"key"});constructor(t){this.
onRunLive=t,this.runLive=a("button",{type:"button",class:"quiet-button run-live","data-test":"run-live",hidden:!0,on:{click:()=>this.
onRunLive?.()}},l("stage.run_live")),this.node=a("div",{class:"provenance","data-test":"provenance"},this.tag,this.origin,
this.runLive)}show(t,e){g(this.tag,l(e?"stage.recorded":"stage.live")),this.tag.title=l(e?"stage.recorded_title":"stage\
.live_title"),this.runLive.hidden=!(e&&this.onRunLive),g(this.origin,_s(t).join(" · ")),this.key.replaceChildren(...hi(
t))}};var ae=class{waiting=!1;restsUntil=0;constructor(t){this.draw=t}soon(){this.waiting||(this.waiting=!0,this.whenRested())}whenRested(){
let t=this.restsUntil-performance.now();t>0?setTimeout(()=>this.whenRested(),t):requestAnimationFrame(()=>this.now())}now(){
let t=performance.now();if(t<this.restsUntil)return this.whenRested();this.waiting=!1,this.draw(),requestAnimationFrame(
()=>this.rest(t))}rest(t){let e=performance.now();this.restsUntil=e+3*Math.max(0,e-t-17)}};var di=(s,t)=>({type:"button","data-token":s,"data-verdict":t.verdict}),pi=(s,t,{mark:e=!1,small:i=!1}={})=>Q(t,t.verdict,
{tag:"button",mark:e,small:i,attributes:di(s,t)}),Ke=(s,t,e,i,n=!1)=>{let r=n?null:a("span",{class:"nth","aria-hidden":"\
true"},String(e+1)),o=n?null:a("span",{class:"verdict"},$(t.verdict),a("b",{},l(`stage.${t.verdict}`))),c=i.map((h,d)=>a(
"span",{},h+(d<i.length-1?", ":"")));return a("div",{class:"guess","data-verdict":t.verdict,style:`--i:${e}`},r,s,o,a("\
span",{class:"numbers"},c))},ui=(s,t,e=!1)=>{let i=l("stage.final_label",{token:L(t.piece),verdict:l(`stage.${t.verdict}`)});
return Q(t,t.verdict,{tag:"button",small:e,mark:t.verdict!=="plain",attributes:{...di(s,t),"aria-label":i}})},fi=(s,t,e,i,n)=>{
let{verdict:r}=t.final,o=a("span",{});r==="correction"&&t.draft[e]?j(o,"stage.in_place",{token:a("q",{},rt(t.draft[e].piece,
24))}):r==="bonus"?g(o,l("stage.free_token",{n:t.draft.length})):n||g(o,l("stage.alone_token"));let c=n?0:e,h=c>=i-2&&c>
1;return a("div",{class:"final","data-verdict":r,style:`--i:${c}`,"data-late":h},s,a("div",{class:"final-note"},a("b",{
class:`of-${r}`},l(`stage.${r}`))," ",o))},mi=(s,{verdict:t},e,i)=>a("div",{class:"final","data-verdict":t,style:`--i:${e}`},
s,i?null:a("span",{class:`numbers of-${t}`},l(`stage.${t}`)));var gi=7.4,bi=9,br=360,wr=[[16,18,4],[20,14,3],[28,12,3],[48,8,2],[1/0,5,1]],wi=28;function xi(s,t){let e=Array.from(L(
s));return e.length>t?`${e.slice(0,t-1).join("")}…`:e.join("")}function xr(s,t,e){let{draft:i}=s.rounds[t],n=W(i,i[e].
parent).map(h=>i[h].text).join(""),r="";for(let h=t-1;h>=0&&r.trim().split(/\s+/).length<4;h--)r=X(s.rounds[h]).map(d=>d.
text).join("")+r;r.trim().split(/\s+/).length<4&&!bt(s)&&(r=s.header.prompt.text+r);let o=r.replace(/\s+/g," ").split("\
 "),c=o.slice(-3).join(" ");return`${o.length>3?"… ":""}${(c+n).replace(/\s+/g," ").trim()}`}var At=class s{run;index;size;onOpen;key;drawn;rows;asked;beside;longest;constructor(){
let t=`mask-${Math.random().toString(36).slice(2)}`;this.open=!1,this.fold=a("button",{type:"button",class:"mask-fold",
"aria-expanded":"false","aria-controls":t,"data-test":"mask-toggle",on:{click:()=>this.toggle()}},a("b",{},l("stage.mas\
k"))," ",a("span",{},l("stage.mask_pass")),$("next")),this.title=a("p",{class:"mask-title"},a("b",{},l("stage.mask")),"\
 ",a("span",{},l("stage.mask_pass"))),this.art=k("svg",{class:"mask-art",role:"listbox","aria-label":l("stage.mask_labe\
l"),"data-test":"mask"}),this.note=a("p",{class:"mask-note"}),this.reads=a("p",{class:"mask-reads","data-test":"mask-re\
ads"}),this.box=a("div",{class:"mask-box",id:t},this.title,a("div",{class:"mask-scroll"},this.art),a("div",{class:"mask\
-words"},this.note,this.reads)),this.node=a("aside",{class:"mask"},this.fold,this.box),this.rows=[],this.art.addEventListener(
"keydown",e=>this.walk(e))}static measure(t,e){let i=t<=wi,n=e<br?bi-2:bi,r=i?n*gi+12:8,o=wr.filter(([c])=>t<=c&&(!i||c<=
wi)).map(([,c,h])=>({cell:c,gap:h,pitch:c+h,letters:n,labelled:i,labels:r,width:r+(t+1)*(c+h)+h+12}));return o.find(({width:c})=>c<=
e)||o[o.length-1]}layout({beside:t,longest:e,room:i,branching:n}){let r=[t,e,i,n].join();this.asked!==r&&(this.asked=r,
this.beside=t,this.longest=e,this.node.classList.toggle("is-beside",t),this.fold.hidden=t,this.title.hidden=!t,this.size=
s.measure(e,i),g(this.note,l(n?"stage.mask_tree":"stage.mask_chain")),this.drawn=null,this.show())}toggle(){this.open=!this.
open,this.show(),this.run&&this.draw(this.run,this.index),this.open&&this.onOpen&&this.onOpen()}shown(){return this.beside||
this.open}show(){this.box.hidden=!this.shown(),this.fold.setAttribute("aria-expanded",String(this.open)),this.fold.classList.
toggle("is-open",this.open)}draw(t,e){if(Object.assign(this,{run:t,index:e}),!this.shown()||this.drawn===t.rounds[e])return;
let{draft:i}=t.rounds[e];this.drawn=t.rounds[e];let{pitch:n,labels:r,width:o,labelled:c,letters:h}=this.size,d=c?h*gi+8:
8,p=d+this.longest*n+6;z(this.art,{viewBox:`0 0 ${o} ${p}`,width:o,height:p});let u=w=>r+(w+1)*n+(w>=0?this.size.gap:0),
f=i.map(w=>xi(w.piece,h)),m=c&&i.length?[xi(l("stage.mask_text"),h+2),...f].map((w,_)=>this.column(w,u(_-1)+this.size.cell/
2,d-8,e,_-1,i)):[];this.rows=i.map((w,_)=>this.row(w,_,f[_],{x:u,y:d+_*n,labelled:c})),this.art.replaceChildren(...m,...this.
rows),this.node.classList.toggle("is-empty",!i.length);let{key:x}=this;this.key=null,this.tell(x)}column(t,e,i,n,r,o){let c=r<
0?{class:"mask-word is-text"}:{class:`mask-word is-${o[r].verdict}`,"data-token":`${n}:${r}`};return k("text",{...c,transform:`\
translate(${e} ${i}) rotate(-90)`,dy:".35em","aria-hidden":"true"},t)}row(t,e,i,{x:n,y:r,labelled:o}){let{draft:c}=this.
run.rounds[this.index],{cell:h,pitch:d,labels:p,width:u}=this.size,f=W(c,e),m=new Set(f),x=Math.min(4,h/4),w=(A,S)=>k("\
rect",{class:`mask-cell ${S}`,x:n(A),y:r,width:h,height:h,rx:x}),_=l("stage.mask_row",{token:L(t.piece),seen:f.slice(0,
-1).map(A=>L(c[A].piece)).join(", ")||l("stage.mask_none")}),E=(A,S)=>k("rect",{class:A,x:1,y:r-(d-h)/2-S,width:u-2,height:d+
2*S,rx:5});return k("g",{class:`mask-row is-${t.verdict}`,role:"option",tabindex:"-1","aria-selected":"false","aria-lab\
el":_,"data-token":`${this.index}:${e}`},E("mask-hit",0),o?k("text",{class:`mask-word is-${t.verdict}`,x:p-4,y:r+h/2,dy:"\
.35em","text-anchor":"end"},i):null,w(-1,"is-text"),c.map((A,S)=>o||m.has(S)?w(S,m.has(S)?"is-seen":""):null),E("mask-r\
ing",-1))}beat(t){this.node.classList.toggle("is-judged",t)}tell(t){let e=this.key===t;if(this.key=t,!this.shown()||!this.
drawn||e)return;let i=this.rows.findIndex(n=>n.dataset.token===t);this.rows.forEach((n,r)=>{n.setAttribute("aria-select\
ed",String(r===i)),n.classList.toggle("is-lit",r===i),n.setAttribute("tabindex",r===Math.max(0,i)?"0":"-1")}),g(this.reads,
i<0?l("stage.mask_point"):l("stage.mask_reads",{text:xr(this.run,this.index,i)}))}walk(t){let e={ArrowDown:1,ArrowUp:-1}[t.
key],i=this.rows[this.rows.indexOf(document.activeElement)+e];!e||!i||(t.preventDefault(),i.focus())}};var yr=["accepted","rejected","discarded"],yi=(s,t,e)=>{let i=d=>t.draft.filter(p=>p.verdict===d).length,n=d=>[d,a("spa\
n",{class:`of-${d}`},$(d),l(`stage.ledger_${d}`,{n:i(d)}))],r=a("span",{class:"tree-ledger ledger","data-test":"tree-le\
dger"});j(r,"stage.ledger",{...Object.fromEntries(yr.map(n)),drafted:t.draft.length});let o=a("span",{class:"tree-walk"});
et(`stage.walk_${e}`)&&j(o,`stage.walk_${e}`,{p:a("var",{class:"of-p"},"p")});let h=ki(s,t).filter(({note:d})=>d).map(({
title:d,note:p})=>`${d}: ${p}`).join(" · ");return[o,r,a("span",{class:"tree-cost"},h)]},vi=(s,t)=>{let e={kind:"write\
s",title:l("stage.row_writes"),note:t.final?l("stage.writes_same"):""};return[...ki(s,t),e].map(({kind:i,title:n,note:r})=>a(
"div",{class:`row-label row-${i}`},a("span",{},n),a("small",{},r)))},ki=(s,t)=>[{kind:"guesses",title:l(`stage.row_${U(
s.header,t)}`),note:vr(t)},{kind:"checks",title:l("stage.row_checks"),note:kr(t)}],vr=({passes:s,seconds:t})=>{if(!s||!t)
return"";let e=Me(t.draft);return s.draft?l("stage.guess_passes",{n:s.draft,time:e}):l("stage.guess_no_pass",{time:e})},
kr=({passes:s,seconds:t})=>{if(!s||!t)return"";let e=Me(t.verify);return s.target===1?l("stage.check_pass",{time:e}):l(
"stage.check_passes",{n:s.target,time:e})},_i=(s,t)=>{let e=s.draft.length;if(!e||!s.final||e>t-1)return[];let i=s.final.
verdict==="bonus";return[a("p",{class:"free","data-kept":i,style:`--i:${e}`},l("stage.free",{n:e}))]};var Ge=30,ce={roomy:{pitch:70,gap:58,chip:40,below:24},slim:{pitch:54,gap:40,chip:26,below:24},dense:{pitch:31,gap:44,chip:26,
below:8},list:{pitch:46,gap:20,chip:40,below:0}},_r=30,$r=8,Mr=128,Sr=8,Er=18;function Ar(s,t){let e=t>0?X(s.rounds[t-1]):
[],i=!bt(s)&&s.header.prompt.tokens||[];return e[e.length-1]||i[i.length-1]||null}var Or=(s,t)=>{let e=s.x+(t.x-s.x)*.55;
return`M${s.x} ${s.y}C${e} ${s.y} ${e} ${t.y} ${t.x} ${t.y}`},Tr=s=>s.querySelector(".chip").offsetWidth,Lr=(s,t)=>`M${s.
x} ${s.y}V${t.y-8}q0 8 8 8H${t.x}`,Ot=class s{resting=!1;run;counted;rows;most;size;tallest;placed;parents;tree;root;nodes;names;lines;path;constructor(){
this.heads=a("div",{class:"tree-heads","aria-hidden":"true"}),this.edges=k("svg",{class:"tree-edges","aria-hidden":"tru\
e"}),this.sweep=a("span",{class:"tree-sweep"}),this.canvas=a("div",{class:"tree-canvas"}),this.node=a("div",{class:"tre\
e-box",tabindex:"-1"},this.canvas)}rest(t){this.resting!==t&&(this.placed=!1),this.resting=t}layout(t,e,i){for(this.run!==
e&&Object.assign(this,{run:e,counted:0,rows:1,most:0});this.counted<e.rounds.length;this.counted++){let h=Te(e.rounds[this.
counted]);this.most=Math.max(this.most,h.length),this.rows=Math.max(this.rows,Le(h).rows)}let{rows:n,most:r}=this,o=s.width(
e)>t,c=i&&r<=Er?"list":n>Sr?"dense":o?"slim":"roomy";this.size=c,this.tallest=c==="list"?(r+1)*ce.list.pitch:this.height(
n),this.node.dataset.size=c,this.placed=!1}static width(t){return 70+(t.deepest+1)*Mr}height(t){let{pitch:e,chip:i,below:n}=ce[this.
size];return Ge+(t-1)*e+i+n}draw(t,e,i){let n=t.rounds[e],r=this.size==="list";this.parents=Te(n),this.tree=r?Os(this.parents):
Le(this.parents);let o=Ar(t,e);this.root=a("div",{class:"tree-root"},o?Q(o,"plain"):a("span",{class:"chip is-plain"},"…")),
this.nodes=i;let c=[...n.draft.map(p=>p.verdict),...n.final?[n.final.verdict]:[]];this.lines=c.map((p,u)=>k("path",{class:`\
edge is-${p}`,style:`--i:${u}`,"data-at":u<n.draft.length?null:"final"}));let h={discarded:0,rejected:1,accepted:2};this.
edges.replaceChildren(...this.lines.map((p,u)=>[h[c[u]]??3,p]).sort(([p],[u])=>p-u).map(([,p])=>p)),this.names=Array.from(
{length:this.tree.depth},(p,u)=>a("span",{"data-at":u<mt(n.draft)?null:"final"},l("stage.depth",{depth:u+1}))),this.heads.
replaceChildren(...this.names);let d=i.map((p,u)=>[r?this.tree.nodes[u].row:u,p]).sort(([p],[u])=>p-u);this.canvas.replaceChildren(
this.heads,this.edges,this.sweep,this.root,...d.map(([,p])=>p)),this.path=c.map((p,u)=>[p,u]).filter(([p])=>!["rejected",
"discarded"].includes(p)).map(([,p])=>p),this.placed=!1}measure(){if(this.placed||!this.tree)return null;let t=[...this.
nodes,this.root].map(Tr);return{chips:t,root:t.pop(),room:this.node.clientWidth-$r}}settle(t){!t||!(t.room>0)||(this.placed=
!0,this.size==="list"?this.placeList(t):this.placeTree(t))}placeTree({chips:t,root:e,room:i}){let{pitch:n,gap:r,chip:o}=ce[this.
size],c=[e];this.tree.nodes.forEach((w,_)=>{c[w.depth]=Math.max(c[w.depth]||0,t[_])});let h=i-c.reduce((w,_)=>w+_,0)-r*
this.tree.depth,d=r+Math.min(24,Math.max(_r-r,h/Math.max(1,this.tree.depth))),p=c.map((w,_)=>c.slice(0,_).reduce((E,A)=>E+
A+d,0)),u=this.resting?this.height(this.tree.rows):this.tallest,f=Math.max(0,u-this.height(this.tree.rows))/2,m=({depth:w,
row:_})=>({x:p[w],y:Ge+f+_*n}),x=p[p.length-1]+c[c.length-1];this.put(m,{width:x,height:u}),this.names.forEach((w,_)=>{
w.style.left=`${p[_+1]}px`}),this.tree.nodes.forEach((w,_)=>{let E=this.parents[_],A=E<0?m(this.tree.root):m(this.tree.
nodes[E]),S={x:A.x+(E<0?e:t[E]),y:A.y+o/2},tt=m(w);this.lines[_].setAttribute("d",Or(S,{x:tt.x,y:tt.y+o/2}))}),this.look(
m,this.path.map(w=>this.tree.nodes[w]))}placeList({room:t}){let{pitch:e,gap:i,chip:n}=ce.list,r=Math.min(i,Math.max(8,(t-
220)/Math.max(1,this.tree.depth))),o=({depth:h,row:d})=>({x:h*r,y:d*e}),c=this.resting?this.nodes.length+1:this.tallest/
e;this.put(o,{width:t,height:c*e}),this.tree.nodes.forEach((h,d)=>{let p=o(this.parents[d]<0?this.tree.root:this.tree.nodes[this.
parents[d]]),u=o(h);this.lines[d].setAttribute("d",Lr({x:p.x+r/2,y:p.y+n},{x:u.x,y:u.y+n/2})),this.nodes[d].style.maxWidth=
`${t-u.x}px`,this.nodes[d].style.width=`${t-u.x}px`})}put(t,{width:e,height:i}){let n=(r,{x:o,y:c})=>{r.style.left=`${o}\
px`,r.style.top=`${c}px`};this.canvas.style.width=`${e}px`,this.canvas.style.height=`${i}px`,this.edges.setAttribute("w\
idth",e),this.edges.setAttribute("height",i),n(this.root,t(this.tree.root)),this.nodes.forEach((r,o)=>n(r,t(this.tree.nodes[o])))}look(t,e){
let{node:i,tree:n}=this,r=[n.root,...e].map(p=>t(p).y),[o,c]=[Math.min(...r),Math.max(...r)],h=c-o<i.clientHeight-Ge;i.
scrollHeight>i.clientHeight+2&&(i.scrollTop=(h?(o+c)/2:r[r.length-1])-i.clientHeight/2);let d=e.length?t(e[e.length-1]).
x:0;i.scrollWidth>i.clientWidth+2&&(i.scrollLeft=d-i.clientWidth*.6)}};var Rr=6,jr=8,Cr=40,Nr=560,le=class{run;round;index;plain;stale;columns;width;bracket;chips;constructor(){this.title=a(
"h2",{class:"round-title"}),this.first=a("b"),this.second=a("span"),this.beats=ht.map(t=>a("li",{class:"beat"},l(`stage\
.beat_${t}`))),this.plan=a("p",{class:"plan","data-test":"plan",hidden:!0}),this.grid=a("div",{class:"guesses",role:"gr\
oup","data-test":"round"}),this.tree=new Ot,this.mask=new At,this.foot=a("p",{class:"tree-foot"}),this.body=a("div",{class:"\
round-body"},this.grid),this.head=a("div",{class:"round-head"},this.title,a("p",{class:"sentence","data-test":"sentence"},
this.first," ",this.second),a("ol",{class:"beats","aria-hidden":"true"},this.beats)),this.node=a("section",{class:"roun\
d"},this.head,this.plan,this.body,this.foot),this.chips=new Map,this.tallest=0,this.highest=0}relax(){this.tallest=this.
highest=0,this.grid.style.minHeight=this.head.style.minHeight=""}layout(t,e){let{longest:i}=e,n=Math.max(5,i+1),r=i<=Rr&&
t>=150+n*118,o=e.branched?"tree":r?"columns":i<=jr?"rows":"cells";this.grid.dataset.layout==="tree"!==e.branched&&(this.
stale=!0),(this.grid.dataset.layout!==o||this.columns!==n||this.width!==t)&&this.relax(),this.width=t,this.columns=n,this.
grid.dataset.layout=o,this.grid.style.setProperty("--columns",String(n)),this.grid.classList.remove("is-tight"),this.plan.
hidden=e.header.settings.draft_length!=="auto",this.foot.hidden=!e.branched,this.layoutMask(t,e)}layoutMask(t,e){let i=t-
Ot.width(e)-Cr,n=e.branched&&i>=300&&At.measure(e.longest,i).width<=i,r=!e.longest||C(e.header);this.mask.node.hidden=r;
let o=this.tree.size;e.branched&&this.tree.layout(t,e,t<Nr),this.tree.size!==o&&(this.stale=!0),this.mask.layout({beside:n,
longest:e.longest,room:n?i:t,branching:e.branched}),this.body.classList.toggle("has-mask",n);let c=n?this.body:this.node;
this.mask.node.parentNode!==c&&c.append(this.mask.node)}draw(t,e){let i=t.rounds[e],{rule:n}=t.header.settings;this.plain=
C(t.header),Object.assign(this,{run:t,round:i,index:e}),this.chips.clear(),g(this.title,l("stage.round",{round:e+1})),this.
node.classList.toggle("is-plain",this.plain),z(this.grid,{"data-plain":String(this.plain),"data-drafted":i.draft.length}),
this.grid.style.setProperty("--n",String(i.draft.length)),this.grid.classList.remove("is-tight"),this.tellPlan(i.plan),
this.grid.dataset.layout==="tree"?this.drawTree(t,e,n):this.drawChain(t,i,n),this.stale=!1}tellPlan(t){if(!t)return g(this.
plan,l("stage.plan_none"));let e=t.gain===null?"":t.gain.toFixed(2),i={length:t.draft_length,share:(100*t.acceptance).toFixed(
0),gain:e};g(this.plan,l(`plan.${t.kind}`,i))}drawChain(t,e,i){let n=e.draft.findIndex(c=>c.verdict==="rejected"),r=e.draft.
map((c,h)=>{let d=Ie(c,i,te(t.header.settings,e,c));return Ke(this.guessChip(c,h),c,h,d)}),o=n>=0?n:e.draft.length;if(e.
final){let c=fi(this.finalChip(e.final),e,o,this.columns,this.plain);r.splice(e.final.verdict==="correction"?o+1:r.length,
0,c)}this.bracket=a("div",{class:"bracket",hidden:!e.draft.length},a("span",{class:"sweep"})),this.grid.removeAttribute(
"aria-label"),this.grid.replaceChildren(...this.plain?[]:vi(t,e),this.bracket,...r,..._i(e,this.columns))}drawTree(t,e,i){
let{round:n}=this,r=this.tree.size==="dense",o=r||this.tree.size==="slim",c=n.draft.map((h,d)=>{let p=r?[]:Ie(h,i,te(t.
header.settings,n,h),!0);return Ke(this.guessChip(h,d,{mark:!0,small:o}),h,d,p,!0)});n.final&&c.push(mi(this.finalChip(
n.final,o),n.final,c.length,r)),this.tree.draw(t,e,c),this.grid.setAttribute("aria-label",l("stage.tree_label",{n:n.draft.
length,depth:mt(n.draft)})),this.grid.replaceChildren(this.tree.node),this.foot.replaceChildren(...yi(t,n,i)),this.foot.
classList.toggle("is-empty",!n.draft.length)}guessChip(t,e,i={}){return this.remember(String(e),n=>pi(n,t,i))}finalChip(t,e=!1){
return this.remember("f",i=>ui(i,t,e))}remember(t,e){let i=`${this.index}:${t}`,n=e(i);return this.chips.set(i,n),n}beat(t,e,{
still:i}){this.stale&&this.draw(t,this.index),this.mask.draw(t,this.index),this.node.dataset.beat=ht[e],this.node.classList.
toggle("is-still",i),this.beats.forEach((c,h)=>c.classList.toggle("is-now",h===e));let[n,r]=Xt(t,this.round,e);g(this.first,
n),g(this.second,r);let o=e>=2;this.mask.beat(o),this.round.draft.forEach((c,h)=>{let d=this.chip(h);d.classList.toggle(
"is-pending",!o),d.classList.toggle(`is-${c.verdict}`,o),d.setAttribute("aria-label",this.named(c,h,o))})}chip(t){return this.
chips.get(`${this.index}:${t}`)}named(t,e,i){let n={token:L(t.piece),n:e+1,of:this.round.draft.length,verdict:l(`stage.${t.
verdict}`)};if(this.grid.dataset.layout!=="tree")return l(i?"stage.chip_label":"stage.chip_pending",n);let r=this.round.
draft[t.parent],o={depth:W(this.round.draft,e).length,parent:r?L(r.piece):l("stage.root")};return l(i?"stage.node_label":
"stage.node_pending",{...n,...o})}focusedPlace(){let t=document.activeElement;return!t||!this.grid.contains(t)?null:[...this.
chips.values()].indexOf(t)}refocus(t){if(t===null)return;let e=[...this.chips.values()];e[Math.min(Math.max(0,t),e.length-
1)]?.focus({preventScroll:!0})}tell(t){this.mask.tell(t)}refit(){return this.tree.placed=!1,this}measure(){if(!this.round)
return null;let{grid:t,round:e}=this,i=this.head.offsetHeight;if(t.dataset.layout==="tree")return{head:i,tree:this.tree.
measure()};let n=t.dataset.layout==="columns",r=e.final?this.chip("f"):null,[o,c]=n&&e.draft.length?[this.chip(0),this.
chip(e.draft.length-1)]:[];return{head:i,tight:n&&t.scrollWidth>t.clientWidth,bracket:o&&c?`${c.offsetLeft+c.offsetWidth-
o.offsetLeft}px`:"",chip:r?r.offsetWidth:0,height:t.offsetHeight}}settle(t){if(t){if(t.head>this.highest&&(this.highest=
t.head,this.head.style.minHeight=`${t.head}px`),"tree"in t)return this.tree.settle(t.tree);t.tight&&(this.grid.classList.
add("is-tight"),t={...this.measure(),tight:!1}),this.bracket.style.width=t.bracket,this.grid.style.setProperty("--chip",
`${t.chip}px`),!(t.height<=this.tallest)&&(this.tallest=t.height,this.grid.style.minHeight=`${t.height}px`)}}};var Si=".chip[data-token], .mask-row",$i=({target:s})=>s instanceof Element&&s.matches(Si),Mi=s=>Number(s.split(":")[0]),
he=class{wished={hover:null,focus:null,pin:null};over=!1;explained=null;run;explainedRun;constructor(t,e,i,n,r){this.stage=
t,this.round=e,this.why=i,this.head=n,this.listener=r,this.listen()}listen(){let{stage:t}=this;t.addEventListener("poin\
terover",e=>{e.pointerType!=="touch"&&this.point("hover",e)}),t.addEventListener("pointerout",e=>{e.relatedTarget?.closest?.(
"[data-token]")||this.point("hover",null)}),t.addEventListener("focusin",e=>{$i(e)&&this.point("focus",e)}),t.addEventListener(
"focusout",e=>{$i(e)&&this.point("focus",null)}),t.addEventListener("click",e=>this.press(e))}forget(){this.wished={hover:null,
focus:null,pin:null}}get pinned(){return this.wished.pin}isHeld(t=!1){let e=document.activeElement;return this.over||t&&
(this.round.grid.contains(e)||this.why.node.contains(e))}key(){let{pin:t,hover:e,focus:i}=this.wished;for(let n of[e,t,
i])if(n&&wt(this.run,n))return n;return ti(this.run,this.head,this.head.moving)}explain(){let t=this.key(),e=`${t}|${this.
wished.pin}|${this.head.round}`;(this.explained!==e||this.explainedRun!==this.run)&&(this.explained=e,this.explainedRun=
this.run,t?this.show(t):this.why.wait(this.head.round)),this.light(t)}show(t){let e=n=>{let r=De(this.run,t,n);return r?
wt(this.run,r)?.token:null},i=this.wished.pin===t;this.why.show(wt(this.run,t),e(-1),e(1),{pinned:i,here:this.head.round})}relight(){
this.light(this.explained?this.key():null)}light(t){this.round.tell(t);for(let e of this.stage.querySelectorAll(".is-li\
t"))e.dataset.token!==t&&e.classList.remove("is-lit");if(t)for(let e of this.stage.querySelectorAll(`[data-token="${t}"\
]`))e!==this.why.node&&e.classList.add("is-lit")}step(t){let e=this.key(),i=e&&De(this.run,e,t);i&&this.pinTo(i)}pinTo(t){
this.wished.pin=t,this.wished.hover=null,this.listener.onVisit(Mi(t))}release(){let t=this.why.pin===document.activeElement;
this.wished.pin=null,this.refresh(),t&&this.listener.onReleased()}refresh(){this.explain(),this.listener.onChange()}point(t,e){
if(!this.run)return;let i=e?.target.closest?e.target.closest("[data-token]"):null,n=i&&i!==this.why.node&&this.stage.contains(
i)?i.dataset.token:null;t==="hover"&&(this.over=!!n&&i.matches(".guesses .chip, .mask-row")),this.wished[t]!==n&&(this.
wished[t]=n,t==="focus"&&n&&(this.wished.hover=null),this.refresh())}press(t){let e=this.run&&t.target.closest("[data-t\
oken]");if(!e||e===this.why.node||e.closest(".chart"))return;let i=e.dataset.token;if(this.wished.pin===i)return this.release();
if(Mi(i)!==this.head.round||!e.matches(Si))return this.pinTo(i);this.wished.pin=i,this.refresh(),this.head.hold()}};var de=128,Pr=64,Je=60,Fr=/[\u202a-\u202e\u2066-\u2069]/;function Br(s,t){let e=s.text.length-s.text.trimStart().length,
i=Fr.test(s.text)?" is-apart":"";return a("span",{class:`token is-${s.verdict}${i}`,"data-token":t},s.text.slice(0,e),a(
"span",{class:"under"},s.text.slice(e)))}function qr(s,t){let e=t.firstElementChild,i=e?.querySelector(".under").getClientRects()[0],
n=s.getClientRects();return!!(i&&n.length&&!/^\s*\n/.test(e.textContent))&&i.top>=n[n.length-1].bottom}var pe=class{rounds;hidden;parted;shown;now;expanded;sweeping;constructor(){
this.prompt=a("span",{class:"text-prompt"}),this.body=a("span",{class:"text-body"}),this.ending=a("span",{class:"text-e\
nding tag is-future"}),this.caret=a("span",{class:"caret","aria-hidden":"true"}),this.flow=a("p",{class:"text-flow",dir:"\
auto","data-test":"text"},this.prompt,this.body," ",this.ending,this.caret),this.box=a("div",{class:"text-box",role:"gr\
oup","aria-label":l("stage.text")},this.flow),this.all=a("button",{type:"button",class:"text-all",hidden:!0,"aria-expan\
ded":"false",on:{click:()=>this.expand()}}),this.node=a("div",{class:"text"},this.box,this.all),this.clear()}clear(){clearTimeout(
this.sweeping),this.rounds=[],this.hidden=[],this.parted=0,this.shown=0,this.now=null,this.body.replaceChildren(),g(this.
ending,""),this.expand(!1)}build(t){g(this.prompt,t.header.prompt.text),this.prompt.classList.toggle("is-source",bt(t));
let e=document.createDocumentFragment();for(let i=this.rounds.length;i<t.rounds.length;i++){let n=zr(t.rounds[i],i).map(
([o,c])=>Br(o,c)),r=a("span",{class:"text-round is-future"},n);this.rounds.push(r),this.hidden.push(!0),e.append(r)}this.
body.append(e)}whole(t){this.node.classList.toggle("is-whole",t)}show(t,e){this.shown=t,clearTimeout(this.sweeping),this.
reveal(t-Je,t+Je,1/0),this.sweep();let i=t>0?this.rounds[t-1]:this.prompt;this.now!==i&&(this.now&&this.now.classList.remove(
"is-now"),this.now=i),i.classList.toggle("is-now",e&&t>0)}reveal(t,e,i){let n=Math.min(e,this.rounds.length);for(let r=Math.
max(0,t);r<n;r++){let o=r>=this.shown;if(this.hidden[r]!==o){if(i--<=0)return!0;this.hidden[r]=o,this.rounds[r].classList.
toggle("is-future",o)}}return!1}sweep(){this.hidden.some((t,e)=>t!==e>=this.shown)&&(this.sweeping=setTimeout(()=>{this.
reveal(0,this.rounds.length,Je),this.sweep()},0))}end(t,e){g(this.ending,t),this.ending.classList.toggle("is-future",!e||
!t)}measure(){let{box:t,flow:e,now:i}=this,n=i?i.getClientRects():[];if(!n.length)return null;let r={first:n[0],last:n[n.
length-1],flow:e.getBoundingClientRect(),box:t.getBoundingClientRect(),line:Number.parseFloat(getComputedStyle(e).lineHeight)},
o=this.expanded||t.scrollHeight>t.clientHeight+2;return{...r,tall:o,cuts:r.flow.width===this.width?this.cuts():[]}}cuts(){
let{rounds:t}=this,e=[],i=r=>qr(t[r-1],t[r]),n=this.parted;for(;t.length-n>=de+Pr;){let r=n?n+de:1;if(n)for(;r>n&&!i(r);)
r--;else for(;r<de&&!i(r);)r++;if(r===n||r===de)break;e.push(r),n=r}return e}part(t){for(let e of t){let i=this.rounds[e],
n=i.firstElementChild?.firstChild;if(n instanceof Text&&i.before(n),this.parted){let r=a("span",{class:"text-part"});this.
rounds[this.parted].before(r);for(let o=r.nextSibling;o&&o!==i;o=r.nextSibling)r.append(o)}this.parted=e}}join(t){this.
width=t;for(let e of this.body.querySelectorAll(".text-part"))e.replaceWith(...e.childNodes);this.parted=0}settle(t){if(!t)
return;let{first:e,last:i,flow:n,box:r,line:o}=t;n.width!==this.width&&this.join(n.width),this.part(t.cuts),this.caret.
style.transform=`translate(${i.right-n.left+2}px, ${i.top-n.top}px)`,this.caret.style.height=`${i.height}px`,this.all.hidden=
!t.tall,this.node.classList.toggle("is-tall",t.tall),t.tall&&!this.expanded?this.box.tabIndex=0:this.box.removeAttribute(
"tabindex"),!(this.expanded||!t.tall)&&this.scrollTo((e.top-n.top)/o,(i.bottom-n.top)/o,o,r.height)}scrollTo(t,e,i,n){let r=Math.
ceil(Math.ceil(e)-n/i),o=Math.round(this.box.scrollTop/i);o<r?this.box.scrollTop=r*i:Math.floor(t)<o&&(this.box.scrollTop=
Math.floor(t)*i)}expand(t=!this.expanded){this.expanded=t,this.node.classList.toggle("is-open",t),this.all.setAttribute(
"aria-expanded",String(t)),g(this.all,l(t?"stage.show_less":"stage.show_all")),this.settle(this.measure())}span(t){return this.
body.querySelector(`[data-token="${t}"]`)}};function zr(s,t){let e=new Map(s.draft.map((i,n)=>[i,`${t}:${n}`]));return s.
final&&e.set(s.final,`${t}:f`),X(s).map(i=>[i,e.get(i)])}var ue=class{formulas;asked;constructor(){this.lead=a("b"),this.rest=a("span"),this.totals=["acceptance","per_pass","ef\
ficiency"].map(t=>this.total(t)),this.ledger=a("p",{class:"ledger","data-test":"ledger"}),this.ending=a("p",{class:"end\
ing","data-test":"ending"}),this.formula=a("p",{class:"total-formula","aria-live":"polite"}),this.node=a("section",{class:"\
totals","data-test":"totals"},a("p",{class:"totals-title"},this.lead," ",this.rest),a("div",{class:"totals-row"},this.totals.
map(t=>t.node)),this.ledger,this.ending,this.formula)}total(t){let e=a("span",{class:"total-value"}),i=a("span",{class:"\
total-count"}),n=a("span",{class:"total-name"},l(`stage.${t}`)),r=()=>this.explain(t),o=()=>this.explain(null),c=a("but\
ton",{type:"button",class:"total","data-total":t,on:{focus:r,pointerenter:r,blur:o,pointerleave:o,click:r}},e,n,i);return{
kind:t,node:c,value:e,count:i,name:n}}explain(t){this.asked=t,g(this.formula,t&&this.formulas?this.formulas[t]:"")}show(t,e){
let i=K(t,e),n=It(i),r=i.accepted+i.refusals,o=l("stage.none_yet"),c=m=>m===null?o:T(m),h=n.perPass===null?o:n.perPass.
toFixed(1);g(this.lead,e===0?l("stage.totals_none"):e===1?l("stage.totals_one"):l("stage.totals_rounds",{n:e})),g(this.
rest,l("stage.totals_of",{rounds:t.rounds.length}));let d=C(t.header),p=(m,x,w)=>{g(this.totals[m].value,x),g(this.totals[m].
count,w),this.totals[m].node.hidden=d&&m!==1},u=_t(t.header)?"":"_kept";g(this.totals[0].name,l(`stage.acceptance${u}`)),
p(0,c(n.acceptance),l("stage.acceptance_count",{accepted:i.accepted,judged:r})),p(1,h,l("stage.per_pass_count",{tokens:i.
tokens,n:i.passes})),p(2,c(n.efficiency),l("stage.efficiency_count",{accepted:i.accepted,drafted:i.drafted})),this.formulas=
{acceptance:l(`stage.acceptance${u}_formula`,{accepted:i.accepted,judged:r,share:c(n.acceptance)}),per_pass:l("stage.pe\
r_pass_formula",{tokens:i.tokens,passes:i.passes,value:h}),efficiency:l("stage.efficiency_formula",{accepted:i.accepted,
drafted:i.drafted,share:c(n.efficiency)})},this.explain(this.asked||null),this.ledger.hidden=d;let f=m=>a("span",{class:`\
of-${m}`},$(m),l(`stage.ledger_${m}`,{n:i[m]}));j(this.ledger,"stage.ledger",{accepted:f("accepted"),rejected:f("reject\
ed"),discarded:f("discarded"),drafted:i.drafted})}};var Hr=[[.5,"½×"],[1,"1×"],[2,"2×"],[4,"4×"]],fe=class{constructor(t){let e=o=>a("button",{type:"button",class:`st\
ep step-${o}`,"data-test":o,"aria-label":l(`stage.${o}`),title:l(`stage.${o}`),on:{click:t[o]}},$(o));this.playButton=e(
"play"),this.playButton.append($("pause")),this.slider=a("input",{type:"range",class:"slider",min:1,max:4,step:1,value:1,
"aria-label":l("stage.playhead"),"data-test":"playhead",on:{input:()=>t.scrub(Number(this.slider.value))}}),this.ticks=
[k("path",{}),k("path",{})];let i=(o,c)=>k("svg",{class:`ruler ruler-${o}`,preserveAspectRatio:"none","aria-hidden":"tr\
ue"},c);this.rulers=[i("ahead",this.ticks[0]),i("past",this.ticks[1])],this.position=a("span",{class:"position","data-t\
est":"position"});let n=Hr.map(([o,c])=>a("option",{value:o,selected:o===1},c)),r=a("select",{class:"pick","aria-label":l(
"stage.speed"),"data-test":"speed",on:{change:()=>t.speed(Number(r.value))}},n);this.node=a("div",{class:"transport",role:"\
group"},e("first"),e("previous"),this.playButton,e("next"),e("last"),a("div",{class:"scrub"},this.rulers,this.slider),this.
position,a("span",{class:"picker"},r,$("next")))}place({round:t,beat:e},i){let n=t*4+e+1;this.slider.value=String(n),this.
slider.setAttribute("aria-valuetext",l("stage.playhead_value",{round:t+1,rounds:i,beat:l(`stage.beat_${ht[e]}`)}));let r=(n-
1)/Math.max(1,i*4-1);this.rulers[1].style.clipPath=`inset(0 ${(100-r*100).toFixed(3)}% 0 -2px)`,g(this.position,l("stag\
e.position",{round:t+1,rounds:i}))}scale(t){let e=t*4-1,i=Math.max(1,this.slider.clientWidth),n=[1,5,10,50,100,500,1e3].
find(o=>i*o/t>9)||5e3,r=`M0 8H${e}M0 3V13`;for(let o=n;o<=t;o+=n)r+=`M${o*4-1} 3V13`;this.slider.max=String(t*4);for(let[
o,c]of this.rulers.entries())c.setAttribute("viewBox",`0 0 ${e} 16`),this.ticks[o].setAttribute("d",r)}moving(t){this.playButton.
classList.toggle("is-on",t);let e=l(t?"stage.pause":"stage.play");this.playButton.title!==e&&(this.playButton.title=e,this.
playButton.setAttribute("aria-label",e))}};var R=(s,t="")=>a("b",{class:"of-p"},s===0&&t?l("stage.cut_nothing",{by:t}):M(s)),J=s=>a("b",{class:"of-q"},M(s)),q=()=>a(
"var",{},"u"),b=(s,t)=>j(a("p",{class:"why-sentence"}),s,t),pt=(...s)=>a("p",{class:"formula"},s),nt=()=>a("span",{class:"\
sign"},"="),y=(s,t=s.verdict)=>Q(s,t,{mark:t!=="plain",small:!0}),me=s=>Math.min(1,Math.max(0,s)),Tt=s=>"parent"in s;function Ve({
target_prob:s,draft_prob:t},e){let[i,n]=Ft(s,t,e,(r,o)=>Math.min(1,r/o));return{p:a("b",{class:"of-p"},i),q:a("b",{class:"\
of-q"},n)}}function ge(s,t){let{p:e,q:i}=Ve(s,t),n=a("span",{class:"formula-letters"},"min(1, ",a("i",{},"p"),"/",a("i",
{},"q"),")",nt());return pt(n,"min(1, ",e," / ",i,")",nt(),a("b",{},t))}var Qe=()=>a("span",{class:"formula-inline"},"m\
ax(0, ",a("i",{},"p")," − ",a("i",{},"q"),")");var Ir=s=>{let t=a("span",{class:"why-chips"});return s.forEach((e,i)=>t.append(i?" ":"",y(e))),t};function ut({token:s,
round:t,branched:e}){if(!e)return[];let{nth:i,of:n,before:r}=ct(t.draft,s);if(n<2)return[];let o=t.draft[s.parent],c=o?
y(o):l("stage.root");return r.length?[b("stage.sibling_later",{nth:i,of:n,parent:c,before:Ir(r)})]:[b("stage.sibling_fi\
rst",{nth:i,of:n,parent:c})]}var Ze=({token:s,round:t})=>{if(s.verdict!=="rejected")return s;let e=t.draft.find(n=>n.parent===s.parent&&n.verdict===
"accepted"),i=s.parent===H(t)&&t.final&&t.final.verdict==="correction";return e||(i?t.final:null)};function Ei(s){let{token:t,
copied:e,round:i}=s,n=Ze(s),r=t.verdict==="accepted",o=r?"match":n?"mismatch":"mismatch_other",c={token:y(t),p:R(t.target_prob),
q:J(t.draft_prob),source:l(`stage.source_${s.family}`)};n&&Object.assign(c,{choice:y(n),best:R(n.target_prob)});let h=n&&
Tt(n)&&n!==t,{next:d}=s.branched?ct(i.draft,t):{next:null},p=r?"greedy_kept":h?"greedy_refused_sibling":d?"greedy_refus\
ed_next":n?"greedy_refused":"greedy_refused_end";return[...ut(s),b(`stage.greedy_${e?"copied_":""}${o}`,c),a("p",{class:`\
verdict-line of-${t.verdict}`},$(t.verdict),a("b",{},l(r?"stage.equal":"stage.differ"))),b(`stage.${p}`,{choice:n?y(n):
"",next:d?y(d):""})]}function Xe(s,t,e,i=0){return a("div",{class:`bar bar-${s}`},a("span",{class:"bar-fill",style:t>0?`width:${t*100}%`:"di\
splay:none"}),a("span",{class:"bar-value",style:i>0?`margin-left:${i*100}%`:null},e))}function Dr(s){let{token:t,rule:e}=s,
i=t.verdict==="accepted"||t.verdict==="rejected"||t.verdict==="discarded",n=t.verdict==="rejected"||t.verdict==="correc\
tion";return{q:e!=="typical"&&e!=="match"?i||t.verdict==="correction":e==="match"&&i,residual:(e==="rejection"||e==="bl\
ock")&&n,ranks:e==="greedy"&&t.verdict!=="discarded",threshold:e==="typical"&&t.rule&&i?t.rule.threshold:null}}function Ur(s,t,e){
let[i,,n,,r]=e;if(t.residual)return r>0?null:l("stage.nothing_left");if(t.threshold!==null)return n>t.threshold?"":l("s\
tage.not_kept");let o=[];if(t.ranks){let h=Ze(s);h&&h.id===i&&o.push(l("stage.first_choice"))}let c=s.token.verdict==="\
correction"?s.refused:t.q?s.token:null;return t.ranks&&c&&c.id===i&&o.push(l("stage.drafted")),s.rule==="match"&&s.drawn&&
s.drawn.id===i&&o.push(l("stage.drawn")),o.join(", ")}function Wr(s,t,[e,,i]){let{token:n,round:r,refused:o}=s;if(n.verdict===
"correction"&&o&&o.id===e)return"is-rejected of-rejected";let c=t.threshold!==null&&i<=t.threshold?"is-under":"";return n.
id===e?`${c} is-own is-${n.verdict} of-${n.verdict}`:n===o&&r.final&&r.final.verdict==="correction"&&r.final.id===e?"is\
-own of-correction":c}function Kr(s,t,e,i){let[,n,r,o,c]=e,h=l("stage.cut",{by:s.cut}),d={p:r===0&&s.cut?h:M(r),q:o===0&&
s.cut&&!s.copied?h:M(o)},p={token:L(n),...d,residual:T(c)},u=t.residual?"bar_row_residual":t.q?"bar_row_q":"bar_row",f=Ur(
s,t,e);return a("li",{class:`bars-row ${Wr(s,t,e)}`},a("span",{class:"heard"},`${l(`stage.${u}`,p)} ${f||""}`.trim()),a(
"span",{class:"bars-label","aria-hidden":"true"},rt(n,16)),a("div",{class:"bars-pair","aria-hidden":"true"},Xe("p",r/i,
d.p,t.threshold===null?0:(Math.min(t.threshold,i)-r)/i),t.q?Xe("q",o/i,d.q):null),a("div",{class:"bars-note","aria-hidd\
en":"true"},f===null?Xe("residual",c,T(c)):f))}function Gr(s){return a("li",{class:"bars-row bars-head","aria-hidden":"\
true"},a("span",{}),a("div",{class:"bars-names"},j(a("b",{class:"of-p"}),"stage.bars_target",{p:a("var",{},"p")}),s.q?j(
a("b",{class:"of-q"}),"stage.bars_drafter",{q:a("var",{},"q")}):null),s.residual?a("b",{class:"of-residual"},l("stage.b\
ars_residual")):a("span",{}))}function Jr(s,t,e){let i=Math.min(1,s/t);return a("li",{class:"bars-row bars-line","aria-\
hidden":"true"},a("span",{}),a("div",{class:"bars-pair"},a("span",{class:"bars-threshold",style:`left:calc((100% - 48px\
) * ${i.toFixed(4)});--rows:${e}`},j(a("span",{}),"stage.threshold_line",{threshold:a("b",{},M(s))}))),a("span",{}))}var Ai=s=>{
let t=Dr(s),{top:e,tail:i}=s.token,n=Math.max(1e-9,...e.map(h=>Math.max(h[2],t.q?h[3]:0))),r=[R(i[0]),t.q?J(i[1]):null],
o=a("li",{class:"bars-row bars-others"},a("span",{class:"bars-label"},l("stage.others")),a("div",{class:"bars-rest"},r),
a("div",{class:"bars-note"},t.residual?T(Math.min(1,Math.max(0,i[2]))):"")),c=t.threshold===null?null:Jr(t.threshold,n,
e.length);return a("ul",{class:`bars ${c?"has-line":""}`,"data-residual":t.residual,"data-alone":!t.q,"aria-label":l("s\
tage.bars_heading")},Gr(t),c,e.map(h=>Kr(s,t,h,n)),o)};function yt(s){let{token:t,round:e,copied:i,branched:n,refused:r}=s,o=b(i?"stage.behind_bars_copied":"stage.behind_bars",
{p:R(t.target_prob,s.cut),q:J(t.draft_prob)});if(!n)return[r?b("stage.behind",{token:y(r)}):b("stage.behind_end"),o];let{
draft:c}=e,h=W(c,c.indexOf(t)).map(p=>c[p]).find(p=>p.verdict!=="accepted");if(h.verdict==="rejected")return[b("stage.b\
ehind",{token:y(h)}),o];let d=c.find(p=>p.parent===h.parent&&p.verdict==="accepted");return d?h===t?[b("stage.beside",{
kept:y(d)}),o]:[b("stage.behind_beside",{token:y(h),kept:y(d)}),o]:[b("stage.behind_end"),o]}var Vr=76,Ye=92,Lt=s=>s.coin!==null,ts=s=>Lt(s)&&s.coin<s.rule.threshold,Ti=s=>s.filter(t=>t.verdict==="accepted").length,
Oi=s=>Lt(s)?l(ts(s)?"stage.block_passes":"stage.block_fails"):l("stage.none_yet");function Qr(s,t,{here:e,key:i}){let{product:n,
threshold:r}=s.rule,o=ts(s),c=s.draft_prob>0?ws(s.target_prob/s.draft_prob):"–",[h,d]=Lt(s)?D(s.coin,r):[l("stage.non\
e_yet"),M(r)],p=e?"is-here":"",u=(_,E,...A)=>a("div",{class:`block-cell block-${E} ${p} ${o?"is-pass":""}`,style:`grid-\
area:${_}/${t+2}`,"aria-hidden":"true"},A),f={n:t+1,token:L(s.piece),coin:h,threshold:d,outcome:Oi(s)},m=Lt(s)?l("stage\
.block_heard",f):l("stage.block_heard_not",f),x=Q(s,s.verdict,{mark:!0,small:!0,attributes:{"data-token":i}}),w=a("div",
{class:"block-bar"},a("span",{class:"block-fill",style:`height:${r*100}%`}),Lt(s)?[a("span",{class:"block-coin",style:`\
bottom:${s.coin*100}%`}),a("b",{class:"block-value",style:`bottom:${s.coin*100}%`},h)]:null);return[a("span",{class:"he\
ard"},m),u(1,"chip",x),u(2,"number",c),u(3,"number",M(n)),u(4,"limit",d),u(5,"room",w),u(6,"outcome",Oi(s))]}function Zr(s){
let t=Ti(s),e=t+(t<s.length&&s[t].verdict==="rejected"?1:0),i=(r,o)=>l(r==="accepted"&&o>1?"stage.block_accepted":`stag\
e.${r}`),n=(r,o,c)=>o>r?[a("div",{class:`block-span is-${c} of-${c}`,style:`grid-area:7/${r+2}/8/${o+2}`},i(c,o-r))]:[];
return[...n(0,t,"accepted"),...n(t,e,"rejected"),...n(e,s.length,"discarded")]}function Xr(s){let{round:t,index:e,token:i,
room:n}=s,{draft:r}=t,o=Math.max(Vr,Math.min(104,(n-Ye)/r.length)),c=(p,u,...f)=>a("div",{class:`block-name block-name-${u}`,
style:`grid-area:${p}/1`,"aria-hidden":"true"},f),h=()=>a("var",{},"h"),d=()=>a("var",{},"u");return a("div",{class:"bl\
ock",tabindex:r.length*o+Ye>n?"0":null,role:"group","aria-label":l("stage.block_label")},a("div",{class:"block-grid",style:`\
grid-template-columns:${Ye}px repeat(${r.length}, ${o}px)`},c(2,"ratio",a("i",{},"p/q")),c(3,"product",l("stage.block_p\
roduct")),c(4,"limit",l("stage.block_threshold")," ",h()),c(5,"scale",a("span",{},"1"),a("span",{class:"block-legend"},
a("span",{class:"block-coin"}),l("stage.block_coin")," ",d()),a("span",{class:"block-legend"},a("span",{class:"block-sw\
atch"}),l("stage.block_threshold")," ",h()),a("span",{},"0")),c(6,"test",d()," < ",h()),r.map((p,u)=>Qr(p,u,{here:p===i,
key:`${e}:${u}`})),Zr(r)))}function Yr({token:s,round:t}){let{draft:e}=t,i=Ti(e)-1,n=e.indexOf(s),r={n:n+1,last:i+1,token:y(
s),refused:i+1<e.length?y(e[i+1]):""},o=ts(s);return n>i+1?b("stage.block_behind",r):n===i+1?b(n===e.length-1?"stage.bl\
ock_stops":"stage.block_ends",r):t.final?n===i?b("stage.block_last",r):b(o?"stage.block_both":"stage.block_fails_yet",r):
b(o?"stage.block_ended":"stage.block_ended_yet",r)}var Li=s=>{if(s.token.coin===null)return yt(s);let t=s.round.final?[
b("stage.block_writes",{token:y(s.round.final)})]:[];return[b("stage.block_lead",{last:a("b",{},l("stage.block_the_last"))}),
Xr(s),Yr(s),...t]},Ri=({token:s,round:t,refused:e})=>{let i=H(t),n=i<0||!t.draft[i].rule?1:t.draft[i].rule.product,r=s.
top.find(p=>p[0]===s.id),o=[b("stage.block_residual",{refused:y(e||s),u:q(),coin:M(s.coin)})];if(!r)return o;let c=a("s\
pan",{class:"formula-letters"},"max(0, ",a("i",{},"P·p")," − ",a("i",{},"q"),")",nt()),h=Math.max(0,n*r[2]-r[3]);h>0&&
o.push(pt(c,"max(0, ",a("b",{},M(n))," · ",R(r[2])," − ",J(r[3]),")",nt(),a("b",{},M(h))));let d=a("b",{class:"of-re\
sidual"},T(r[4]));return[...o,b("stage.residual_share",{token:y(s),share:d,p:R(s.target_prob)}),b(i<0?"stage.block_prod\
uct_start":"stage.block_product_here",{product:a("i",{},"P"),value:a("b",{},M(n))})]};function ji(s){let{token:t,round:e,refused:i}=s,n=t.verdict==="accepted"?t:t===i?e.final:null,r=a("b",{},T(t.target_prob)),
o=t.coin===null?"":M(t.coin),c=Math.min(1,t.draft_prob>0?t.target_prob/t.draft_prob:1);return s.drawn=n,[b(n?"stage.mat\
ch_drew":"stage.match_drew_other",{u:q(),coin:o,choice:n?y(n):"",token:y(t)}),a("p",{class:`verdict-line of-${t.verdict}`},
$(t.verdict),a("b",{},l(t.verdict==="accepted"?"stage.equal":"stage.differ"))),b("stage.match_chance",{p:R(t.target_prob,
s.cut),share:r}),b(c>t.target_prob?"stage.match_rival":"stage.match_rival_same",{token:y(t),share:a("b",{},T(c))}),ge(t,
M(c))]}function Ci({token:s}){let e=Object.entries(s.said??{}).map(([i,n])=>a("p",{},l("stage.opaque_said",{name:i,value:JSON.
stringify(n)})));return[b("stage.opaque"),...e]}var Y=50;function to(s,t,e){let[i,n]=[Math.min(s,t)*e,Math.max(s,t)*e],r=n-i<Y?(Y-(n-i))/2:0,o=e-Y/2,c=Math.min(Math.max(
i-r,Y/2),o-Y),h=Math.min(Math.max(n+r,c+Y),o);return s<=t?{accept:c,coin:h}:{accept:h,coin:c}}function Ni(s,t,e,i){let n=p=>`\
left:${me(p)*100}%`,o=s>=1?{coin:Math.min(Math.max(t*i,Y/2),i-Y/2)}:to(s,t,i),c=(p,u,f="")=>a("span",{class:`tick ${f}`,
style:`left:${p}px`},u),h=Object.entries(o).map(([p,u])=>c(u,a("b",{},e[p]))),d=p=>Object.values(o).every(u=>Math.abs(p-
u)>Y*.8);return d(4)&&h.push(c(0,"0","begins")),d(i-4)&&h.push(c(i,"1","ends")),a("div",{class:"coin",role:"img","aria-\
label":l("stage.coin_bar",{coin:e.coin,share:e.accept})},a("div",{class:"coin-sides"},s>=.1||s===1?a("b",{class:"of-acc\
epted"},l("stage.side_accept")):null,s<1?a("b",{class:"of-rejected",style:s>.86?"right:0":n(s<.1?s:Math.max(s,.12))},l(
"stage.side_reject")):null),a("div",{class:"coin-track"},a("span",{class:"coin-accept",style:`width:${me(s)*100}%`}),a(
"span",{class:"coin-reject",style:`left:${me(s)*100}%`}),a("span",{class:"coin-head",style:n(t)},a("var",{},"u"))),a("d\
iv",{class:"coin-ticks"},h))}function eo(s,t){let{token:e,round:i,copied:n,branched:r}=s,o=e.target_prob>=e.draft_prob,c=r&&ct(i.draft,e).before.length>
0,h=e.draft_prob===1&&e.draft_coin===null,d=n?"gave_copied":h?"gave_certain":c?"gave_left":o?"gave_more":"gave_less",p=o&&
d!=="gave_more"?`${d}_sure`:d;return b(`stage.${p}`,{...Ve(e,t),source:l(`stage.source_${s.family}`)})}var Pi=()=>a("b",
{class:"of-residual"},l("stage.residual"));function Fi({round:s,branched:t,token:e},i,n){let{next:r}=t?ct(s.draft,e):{next:null};
return r?b(`${i}_next`,{...n,formula:Qe(),next:y(r)}):s.final?b(i,{...n,formula:Qe(),token:y(s.final)}):b(`${i}_end`,n)}
function so(s){let{token:t,cut:e}=s,i={q:J(t.draft_prob),by:e,token:y(t),residual:Pi()};return[b("stage.gave_cut",i),Fi(
s,"stage.cut_refused",i)]}function Bi(s){let{token:t}=s,e=t.coin===null?null:D(t.coin,t.accept_prob),i=e?e[1]:M(t.accept_prob);
if(t.target_prob===0&&s.cut)return[...ut(s),...so(s)];let n=[...ut(s),eo(s,i),ge(t,i)];if(!e)return n;n.push(Ni(t.accept_prob,
t.coin,{coin:e[0],accept:i},s.room));let r={u:q(),coin:e[0],share:i,token:y(t),residual:Pi()};return t.verdict==="accep\
ted"?[...n,b("stage.coin_below",r)]:[...n,Fi(s,"stage.coin_not_below",r)]}function qi(s){let{token:t,refused:e,rule:i,round:n}=s,r=s.branched&&e?n.draft.filter(p=>p.parent===e.parent&&p.verdict===
"rejected").length:1;if(!e)return es(s);if(i==="greedy"){let p={token:y(e),choice:y(t),p:R(t.target_prob),n:r};return[b(
r>1?"stage.from_greedy_tree":"stage.from_greedy",p),b("stage.greedy_same_pass")]}if(i==="match")return[b("stage.from_ma\
tch",{token:y(t),refused:y(e),u:q(),coin:M(t.coin),p:R(t.target_prob)})];let o=t.top.find(p=>p[0]===t.id),c=t.coin===null?
"from_residual_no_coin":r>1?"from_residual_tree":"from_residual",h=[b(`stage.${c}`,{token:y(e),n:r,u:q(),coin:t.coin===
null?"":M(t.coin)})];if(o&&o[2]>o[3]){let p=a("span",{class:"formula-letters"},"max(0, ",a("i",{},"p")," − ",a("i",{},
"q"),")",nt()),u=M(o[2]-o[3]),[f,m]=Ft(o[2],o[3],u,(_,E)=>_-E),[x,w]=[a("b",{class:"of-p"},f),a("b",{class:"of-q"},m)];
h.push(pt(p,"max(0, ",x," − ",w,")",nt(),a("b",{},u)))}let d=o?a("b",{class:"of-residual"},T(o[4])):"";return o&&h.push(
b(r>1?"stage.residual_share_tree":"stage.residual_share",{token:y(t),share:d,p:R(t.target_prob)})),h}function es(s){let{
token:t,round:e,alone:i,branched:n}=s,r=e.draft.length,o=t.verdict!=="bonus"?b(i?"stage.plain_why_alone":"stage.plain_w\
hy"):n?b("stage.bonus_why_tree"):b("stage.bonus_why",{n:r}),c={u:q(),token:y(t),p:R(t.target_prob)};return t.coin===null?
[o,b("stage.bonus_greedy",c)]:[o,b("stage.bonus_drawn",{...c,coin:M(t.coin)})]}function io(s,{epsilon:t,delta:e},i){let n=i.split(".")[1]?.length??0,r=c=>Math.min(t,e*Math.exp(-Number(c))).toFixed(n)===
i,o=[2,3,4,5].map(c=>s.toFixed(c));return o.find(r)??o[0]}function no({token:s,settings:t}){let{threshold:e,entropy:i}=s.
rule,[n,r]=D(s.target_prob,e),o=a("span",{class:"sign"},s.target_prob>e?">":"≤"),c=(...u)=>a("sup",{},"−",u),h=a("s\
pan",{class:"formula-letters"},"min(ε, δ·","e",c(a("i",{},"H")),")",a("span",{class:"sign"},"=")),p=t.epsilon!==void 0&&
t.delta!==void 0&&i!==void 0?["min(",String(t.epsilon),", ",String(t.delta),"·e",c(io(i,t,r)),")",a("span",{class:"sig\
n"},"=")]:[];return pt(a("b",{class:"of-p"},n),o,h,p,a("b",{},r))}function zi(s){let{token:t,round:e}=s,i=t.verdict==="\
accepted",n=t.target_prob>t.rule.threshold,r=i?"typical_kept":n?"typical_shorter":"typical_refused",o=[...ut(s),b(`stag\
e.${r}`,{token:y(t)}),no(s),a("p",{class:"formula-note"},l("stage.typical_letters"))];return i?s.branched||s.copied||t.
draft_coin===null||t.draft_prob<=t.target_prob?[...o,Hi("typical_bends",{})]:[...o,Hi("typical_cost",{token:y(t),q:a("b",
{class:"of-q"},T(t.draft_prob)),p:a("b",{class:"of-p"},T(t.target_prob))})]:e.final&&t===s.refused?[...o,b("stage.typic\
al_then",{token:y(e.final)})]:o}function Hi(s,t){let e=b(`stage.${s}`,t);return e.classList.add("is-warning"),e}var Ii=s=>{
let{token:t,refused:e}=s;if(t.verdict==="correction"){let c={refused:e?y(e):"",token:y(t),p:R(t.target_prob),u:q(),coin:t.
coin===null?"":M(t.coin)};return[b(e?"stage.typical_correction":"stage.typical_correction_end",c),b(t.coin===null?"stag\
e.typical_first":"stage.bonus_drawn",c)]}if(t.verdict!=="discarded")return zi(s);let{draft:i,final:n}=s.round,r=W(i,i.indexOf(
t));return r.some(c=>i[c].verdict==="rejected")||!n&&r.includes(H(s.round))||!(t.target_prob>t.rule.threshold)?yt(s):zi(
s)};var Di=s=>{let{token:t,rule:e}=s;return t.kind==="opaque"?Ci(s):Tt(t)&&e==="block"&&t.rule?Li(s):e==="typical"&&(Tt(t)?
t.rule:t.verdict==="correction")?Ii(s):e==="block"&&t.verdict==="correction"?Ri(s):t.verdict==="discarded"?yt(s):t.verdict===
"correction"?qi(s):t.verdict==="bonus"||t.verdict==="plain"?es(s):e==="match"?ji(s):t.accept_prob===null?Ei(s):Bi(s)};function ro(s,{token:t,rule:e,round:i}){if(e==="block"&&"parent"in t&&t.kind==="judged"&&t.coin!==null){let n=i.draft.filter(
r=>r.verdict==="accepted").length;return j(s,n?"stage.why_block":"stage.why_block_none",{n})}return j(s,`stage.why_${t.
verdict}`,{token:y(t)})}var be=class{room;constructor({onStep:t,onRelease:e}){this.head=a("h3",{class:"why-title",id:`w\
hy-${Math.random().toString(36).slice(2)}`}),this.back=a("button",{type:"button",class:"why-step","data-test":"why-prev\
ious",on:{click:()=>t(-1)}}),this.forth=a("button",{type:"button",class:"why-step","data-test":"why-next",on:{click:()=>t(
1)}}),this.pin=a("button",{type:"button",class:"why-pin","data-test":"why-unpin",hidden:!0,"aria-label":l("stage.unpin"),
title:l("stage.unpin"),on:{click:e}},$("pin"),l("stage.pinned")),this.lossy=a("span",{class:"why-lossy",hidden:!0}),this.
where=a("span",{class:"tag",hidden:!0}),this.left=a("div",{class:"why-reasons"}),this.right=a("div",{class:"why-bars"}),
this.node=a("section",{class:"why","data-test":"why","aria-labelledby":this.head.id},a("div",{class:"why-head"},this.head,
this.where,this.lossy,a("div",{class:"why-steps"},this.pin,this.back,this.forth)),a("div",{class:"why-body"},this.left,
this.right)),this.tallest=0}relax(){this.tallest=0,this.node.style.minHeight=""}measure(){return{height:this.node.offsetHeight,
room:this.left.clientWidth}}settle({height:t,room:e}){this.room=e,!(t<=this.tallest)&&(this.tallest=t,this.node.style.minHeight=
`${t}px`)}wait(t){this.node.dataset.token="",this.head.replaceChildren(l("stage.why_label")),this.left.replaceChildren(
t>0?b("stage.waiting_round",{round:t+1}):b("stage.waiting")),this.right.replaceChildren(),this.where.hidden=!0,this.back.
hidden=this.forth.hidden=!0}show(t,e,i,{pinned:n,here:r}){t.room=this.room||300,this.node.dataset.token=t.key,this.node.
dataset.verdict=t.token.verdict,ro(this.head,t),this.where.hidden=t.index===r,g(this.where,l("stage.round",{round:t.index+
1})),this.lossy.hidden=st(t.rule).lossless!==!1||t.alone,this.lossy.replaceChildren(...[We(t.rule)].filter(c=>c!==null)),
this.left.replaceChildren(...Di(t)),this.right.hidden=t.token.kind==="opaque";let o=t.rule==="greedy"?[a("p",{class:"fo\
rmula-note"},l("stage.bars_greedy"))]:[];this.right.replaceChildren(...this.right.hidden?[]:[Ai(t),...o]),this.steps(e,
i),this.pin.hidden=!n}steps(t,e){this.back.hidden=this.forth.hidden=!1,this.back.disabled=!t,this.forth.disabled=!e;let i=n=>n?
rt(n.piece.trim()||n.piece,10):"";this.back.replaceChildren(a("span",{class:"keycap"},$("left")),a("span",{class:"why-n\
ear"},i(t))),this.forth.replaceChildren(a("span",{class:"why-near"},i(e)),a("span",{class:"keycap"},$("right"))),this.back.
setAttribute("aria-label",`${l("stage.why_previous")}${t?`: ${L(t.piece)}`:""}`),this.forth.setAttribute("aria-label",`${l(
"stage.why_next")}${e?`: ${L(e.piece)}`:""}`)}};var ss=class{noticeNode=a("p",{class:"notice",role:"status","data-test":"notice",hidden:!0});text=new pe;round=new le;why=new be(
{onStep:t=>this.subject.step(t),onRelease:()=>this.subject.release()});chart=new se({onRound:t=>this.head.visit(t)});totals=new ue;announcer=new ee;incoming=new re(
{onRun:t=>this.adopt(t),onRounds:()=>this.redraw.soon(),onNotice:(t,e)=>this.notice(t,e),hasRun:()=>!!this.run});redraw=new ae(
()=>this.run&&this.incoming.adopted&&this.grow());head=new ie({onMove:t=>this.render(t),onState:()=>this.state(),onPlay:()=>this.
started(),onPause:()=>this.announce(),isHeld:()=>this.subject.isHeld()});transport=new fe({first:()=>this.head.jump(0,0),
previous:()=>this.head.step(-1),next:()=>this.head.step(1),last:()=>this.head.toEnd(),play:()=>this.head.toggle(),scrub:t=>this.
head.scrub(t),speed:t=>this.setSpeed(t)});overview=a("div",{class:"overview"},this.chart.node,this.totals.node);run;ended="";moving=!1;constructor(t,e){
this.element=t,this.options=e,this.provenance=new oe(e.onRunLive),this.body=a("div",{class:"stage-body",hidden:!0},this.
provenance.node,this.text.node,this.provenance.key,this.transport.node,this.round.node,this.why.node,this.overview),t.classList.
add("specdec","specdec-stage"),t.replaceChildren(this.noticeNode,this.body,this.announcer.node),this.subject=new he(t,this.
round,this.why,this.head,{onChange:()=>this.drawing.settle([this.why]),onVisit:u=>this.head.visit(u),onReleased:()=>this.
transport.playButton.focus({preventScroll:!0})});let{text:i,round:n,why:r,chart:o,totals:c,transport:h,overview:d}=this,
p={text:i,round:n,why:r,chart:o,totals:c,transport:h,overview:d};this.drawing=new ne(t,p,this.head,this.subject),this.onFonts=
()=>this.drawing.fontsChanged(),this.sizes=new ResizeObserver(()=>this.drawing.resize()),this.onKey=ai({element:t,why:this.
why.node,slider:this.transport.slider,head:this.head,subject:this.subject,stepRound:u=>this.stepRound(u)}),document.addEventListener(
"keydown",this.onKey),document.fonts.addEventListener("loadingdone",this.onFonts),this.sizes.observe(this.element)}destroy(){
document.removeEventListener("keydown",this.onKey),document.fonts.removeEventListener("loadingdone",this.onFonts),this.
sizes.disconnect(),this.head.stop(),this.head.rounds=0,this.incoming.stop(),this.announcer.cancel(),this.drawing.stop(),
this.run=this.subject.run=null,this.element.replaceChildren()}adopt(t){this.run=this.subject.run=t,this.head.reset(this.
incoming.isLive(t)),this.subject.forget(),this.body.hidden=!1,this.drawing.begin(t),this.introduce(t),this.grow(),this.
why.relax(),this.head.live||this.open()}introduce({header:t}){let e=t.source==="recorded"||this.incoming.live===!1;document.
activeElement===this.provenance.runLive&&!e&&this.transport.playButton.focus({preventScroll:!0}),this.provenance.show(t,
e)}open(){let{head:t}=this;if(ft()||this.options.autoplay===!1)return t.set(t.rounds-1,3,{still:!0,silent:!0});t.set(0,
0,{still:!0,silent:!0});let e=new IntersectionObserver(i=>{i.some(n=>n.isIntersecting)&&(e.disconnect(),t.round===0&&t.
beat===0&&t.play())});e.observe(this.element)}grow(){let{run:t,head:e}=this,i=e.live;e.live=this.incoming.isLive(t),e.rounds=
t.rounds.length,this.drawing.grow(),this.finish(),i&&!e.live&&e.following?this.land():e.following?this.follow():this.render(
{still:!0,lazy:!0},!0),i&&!e.live&&(e.following=!1),this.state()}land(){this.head.following=!1,this.text.whole(!0),this.
subject.isHeld(!0)||this.head.set(Ys(this.run),3,{still:!0,silent:!0}),this.announce(Et(this.run,!1))}follow(){this.subject.
isHeld(!0)||this.head.set(this.head.rounds-1,3,{still:!0})}finish(){let{run:t,head:e}=this;this.ended=t.footer?t.footer.
reason:e.live?"":"cut";let i=Et(t,e.live);g(this.totals.ending,i),this.notice(this.ended==="error"||this.ended==="cut"?
i:"")}notice(t,e="loud"){this.noticeNode.hidden=!t,this.noticeNode.dataset.tone=e,g(this.noticeNode,t),this.state()}announce(t=""){
let{run:e,head:i}=this;this.announcer.tell(()=>({run:e,round:i.round,beat:i.beat}),t)}stepRound(t){let e=this.chart.art.
contains(document.activeElement);this.head.visit(this.head.round+t),e&&this.chart.focusColumn(this.head.round)}setSpeed(t){
this.head.setSpeed(t),this.element.style.setProperty("--beat",`${this.head.beatMs}ms`)}started(){this.announcer.cancel(),
this.drawing.makeRoom(),this.subject.over=!1}render(t={},e=!1){this.drawing.show(this.ended,t),!e&&!t.silent&&!this.head.
playing&&!this.head.following&&this.announce(),this.state()}state(){let{element:t,run:e,head:i}=this,n=t.dataset;n.state=
e?i.live&&i.following?"live":i.playing?"playing":"paused":"empty",n.following=String(i.following),e&&(n.round=String(i.
round+1),n.rounds=String(e.rounds.length),n.beat=ht[i.beat],n.ended=this.ended),this.transport.moving(i.moving);let r=this.
moving&&!i.moving;this.moving=i.moving,r&&this.drawing.giveRoomBack()}},Ui=(s,t={})=>{let e=new ss(s,t);return{show:(i,n)=>e.
incoming.show(i,n?.live),append:i=>e.incoming.append(i),cut:()=>e.incoming.cut(),go:(i,n)=>e.head.jump(i,n),play:()=>e.
head.play(),pause:()=>e.head.pause(),destroy:()=>e.destroy()}};function Wi(s,t,e,i){let n=(o,c)=>i.lines({run:o,first:c}),r=new Pt(s,n);t.value&&r.take(t.value),e("value",()=>t.value&&
r.take(t.value))}var Ki=(s,t,e,i,n)=>{let r=Ui(s.querySelector(".specdec-stage"),{onRunLive:i}),o=!0,c=h=>{r.show(h,o?{
live:!1}:{}),o=!1};t.value||r.show("",{live:!1}),Wi({...r,show:c},t,e,n)},Gi=(s,t,e,i,n)=>{let r=Zs(s.querySelector(".s\
pecdec-race"),{onRunLive:i});Wi(r,t,e,n)};var we=(s,t)=>document.getElementById(`${s}-${t}`);function oo(s,t){let e=()=>{t.disabled||(i.disconnect(),[s,document.
body].includes(document.activeElement)&&t.focus({preventScroll:!0}))},i=new MutationObserver(e);i.observe(t,{attributes:!0}),
e()}var Ji=(s,t)=>{let[e,i]=t?[we(s,"run"),we(s,"stop")]:[we(s,"stop"),we(s,"run")];document.activeElement===e&&oo(e,i);
let n=e.closest(".split")?.querySelector(".message");return n&&(n.dataset.tone=t?"progress":"settled"),[!t,t].map(r=>({
__type__:"update",interactive:r}))};var ao=0,Vi=(s,t,e,i)=>{let n=`specdec-segments-${++ao}`,r=Nt(s,t),o=t.choices.map(f=>{let m=a("input",{type:"radio",name:n,
value:f.value,on:{change:()=>d(f.value,!0)}});return{choice:f,input:m,node:a("label",{},m,a("span",{},f.name))}}),c=a("\
p",{class:"about",id:n}),h=a("fieldset",{"aria-describedby":n},a("legend",{class:"label"},t.caption),a("div",{class:"ro\
w"},o.map(f=>f.node)));s.append(h,c);function d(f,m){t.value=f,p(),r.tell(),m&&i("input")}function p(){if(r.why(V(t)))return d(
t.choices[0].value,!0);o.forEach(({choice:m,input:x})=>{x.checked=m===V(t),x.disabled=!!r.why(m)});let f=new Set(t.choices.
map(r.why).filter(Boolean));c.replaceChildren(...[V(t).line,...f].filter(Boolean).map(m=>a("span",{},m)))}let u=()=>{p(),
r.tell()};r.hear(p),u(),e("value",u)};var co=96,Qi=(s,t,e)=>{let i=k("svg",{class:"treelet","aria-hidden":"true",preserveAspectRatio:"xMinYMid meet"}),n=a("p",
{class:"about"});s.append(i,n),n.setAttribute("aria-live","polite");let r=()=>{let o=lo(t.value),c=Ht(o),h=c>0&&c<=co;i.
style.display=h?"":"none",h&&ho(i,o),g(n,c?l("settings.tree_size",{n:c}):l("settings.branching_form"))};r(),e("value",r)};
function lo(s){let t=(s||"").split(",").map(e=>Number(e.trim()||NaN));return t.every(e=>Number.isInteger(e)&&e>=1&&e<=16)?
t:[]}function ho(s,t){let[e,i,n]=[34,11,3.2],r=[],o=[],c=0,h=u=>{let f=u===t.length?[c++*i]:Array.from({length:t[u]},()=>h(
u+1)),m=(f[0]+f[f.length-1])/2,x=u*e;return u<t.length&&f.forEach(w=>r.push(`M${x} ${m}C${x+e/2} ${m} ${x+e/2} ${w} ${x+
e} ${w}`)),o.push(k("circle",{cx:x,cy:m,r:n,class:u?"guess":"root"})),m};h(0);let[d,p]=[t.length*e+2*n+2,(c-1)*i+2*n+2];
s.setAttribute("viewBox",`${-n-1} ${-n-1} ${d} ${p}`),s.setAttribute("width",d),s.setAttribute("height",p),s.replaceChildren(
k("path",{d:r.join("")}),...o)}var xe=window.specdec;rs(xe.words);Ms(xe.schema);ys(xe.methods);Object.assign(xe,{stage:Ki,race:Gi,choices:ye,header:fs,
fold:as,picker:gs,segments:Vi,examples:os,treelet:Qi,running:Ji});})();
